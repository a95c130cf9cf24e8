#include "engine/wave.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <utility>

#include "base/digest.h"
#include "base/text.h"

namespace aegis {
namespace {

constexpr std::string_view k_cloudflare = "cloudflare/";

constexpr std::size_t k_most_shells = 16;

Reply to_reply(Result<HttpResponse>&& response) {
  Reply reply;
  if (!response) {
    reply.error = response.error();
    return reply;
  }
  reply.status = response->status;
  reply.reason = std::move(response->reason);
  if (trim(response->body).empty()) return reply;
  if (auto body = parse_json(response->body)) {
    reply.body = std::move(*body);
  } else {
    reply.text = std::move(response->body);
  }
  return reply;
}

Reply to_reply(Result<ShellOutput>&& output) {
  Reply reply;
  if (!output) {
    reply.error = output.error();
    return reply;
  }
  reply.body = {{"out", std::move(output->out)}, {"exit_status", output->exit_status}};
  return reply;
}

Result<ShellOutput> run_facts(const Query& query, RemoteShell& shell) {
  ShellCommand command;
  command.host = query.target;
  command.words = {"sh"};
  command.input = query.path;
  command.reads_only = true;
  return shell.run(command);
}

/// Runs all scripts, several at a time; the replies are in the order of `queries`.
std::vector<Reply> read_facts(std::span<const Query* const> queries, RemoteShell& shell) {
  std::vector<Reply> replies(queries.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < queries.size(); i = next++) {
      replies[i] = to_reply(run_facts(*queries[i], shell));
    }
  };
  std::vector<std::future<void>> helpers;
  for (std::size_t i = 1; i < std::min(queries.size(), k_most_shells); ++i) {
    helpers.push_back(std::async(std::launch::async, work));
  }
  work();
  for (auto& helper : helpers) helper.get();
  return replies;
}

HttpRequest to_request(const Query& query, const Vault& vault) {
  HttpRequest request;
  request.endpoint = query.target;
  request.path = query.path;
  if (query.credential.empty()) return request;
  const auto seal = parse_json(query.credential);
  const auto login = seal ? vault.open(*seal) : std::nullopt;
  if (!login) return request;
  if (query.target.starts_with(k_cloudflare)) {
    request.headers.emplace_back("Authorization", "Bearer " + std::string(login->reveal()));
  } else {
    request.headers.emplace_back("X-Registry-Auth", base64url_encode(login->reveal()));
  }
  return request;
}

void read_http(std::span<const Query* const> queries,
               HttpTransport& http,
               const Vault& vault,
               Replies& replies) {
  std::vector<HttpRequest> requests(queries.size());
  for (std::size_t i = 0; i < queries.size(); ++i) {
    requests[i] = to_request(*queries[i], vault);
  }
  std::vector<Result<HttpResponse>> responses = http.send_all(requests);
  for (std::size_t i = 0; i < queries.size(); ++i) {
    replies.insert_or_assign(*queries[i], to_reply(std::move(responses[i])));
    // The raw text of thousands of answers must not stay in memory beside what was parsed of it.
    responses[i] = HttpResponse{};
  }
}

}  // namespace

void read_wave(std::span<const Query> queries,
               HttpTransport& http,
               RemoteShell& shell,
               const Vault& vault,
               Replies& replies) {
  std::vector<const Query*> gets;
  std::vector<const Query*> scripts;
  for (const Query& query : queries) {
    (query.type == Query::Type::facts ? scripts : gets).push_back(&query);
  }
  std::future<std::vector<Reply>> facts;
  if (!scripts.empty()) {
    facts = std::async(std::launch::async, [&] { return read_facts(scripts, shell); });
  }
  if (!gets.empty()) read_http(gets, http, vault, replies);
  if (scripts.empty()) return;
  std::vector<Reply> answers = facts.get();
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    replies.insert_or_assign(*scripts[i], std::move(answers[i]));
  }
}

}  // namespace aegis
