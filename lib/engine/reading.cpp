#include "engine/reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "engine/read_only.h"
#include "engine/wave.h"

namespace aegis {
namespace {

/// No system needs more round trips one after the other; a kind that asks on is broken.
constexpr int k_most_waves = 16;

/// "server fsn1" of "server/fsn1": the scope as people say it.
std::string spoken(std::string scope_name) {
  const auto slash = scope_name.find('/');
  if (slash != std::string::npos) scope_name[slash] = ' ';
  return scope_name;
}

// What of `queries` nobody has asked yet, each once, sorted.
std::vector<Query> fresh_of(std::vector<Query> queries, const Replies& replies) {
  std::erase_if(queries, [&](const Query& query) { return replies.contains(query); });
  std::sort(queries.begin(), queries.end());
  queries.erase(std::unique(queries.begin(), queries.end()), queries.end());
  return queries;
}

bool asks_more(const Reading& reading, Questions questions, const Replies& replies) {
  return !fresh_of((reading.kind->*questions)(reading.batch, replies), replies).empty();
}

bool is_shut_out(const Error& error) {
  return error.code == ErrorCode::unreachable || error.code == ErrorCode::unauthorized;
}

}  // namespace

void add_failure(std::vector<Unreadable>& failures, const std::string& scope, const Error& error) {
  Unreadable failure{scope, error.in_context(spoken(scope))};
  const bool known = std::any_of(failures.begin(), failures.end(), [&](const Unreadable& other) {
    if (other.scope != scope) return false;
    const bool is_same_door = is_shut_out(error) && other.error.code == error.code;
    return is_same_door || other.error.message == failure.error.message;
  });
  if (!known) failures.push_back(std::move(failure));
}

std::vector<Reading> make_readings(const Desired& desired, std::span<const Kind* const> kinds) {
  std::vector<Reading> readings;
  std::map<std::pair<std::string_view, std::string_view>, std::size_t> places;
  for (const auto& [name, scope] : desired.scopes) {
    for (const Kind* kind : kinds) {
      if (scope.type() != kind->scope_type) continue;
      places[{kind->name, name}] = readings.size();
      readings.push_back({kind, {scope, {}}});
    }
  }
  for (const auto& [address, resource] : desired.resources) {
    const auto place = places.find({address.kind, resource.scope});
    if (place != places.end()) readings[place->second].batch.resources.push_back(&resource);
  }
  return readings;
}

Error endless_error(const Reading& reading) {
  return {
      ErrorCode::timed_out,
      fmt::format(
          "reading {} did not come to an end in {} round trips", reading.kind->name, k_most_waves)};
}

Asked ask_all(const NextQueries& next,
              HttpTransport& http,
              RemoteShell& shell,
              const Vault& vault,
              Replies& replies) {
  ReadOnlyHttp reading_http(http);
  ReadOnlyShell reading_shell(shell);
  Asked asked;
  while (asked.waves < k_most_waves) {
    const std::vector<Query> queries = fresh_of(next(replies), replies);
    if (queries.empty()) return asked;
    read_wave(queries, reading_http, reading_shell, vault, replies);
    asked.queries += queries.size();
    ++asked.waves;
  }
  return asked;
}

Asked ask_all(std::vector<Reading>& readings,
              Questions questions,
              const NextQueries& besides,
              HttpTransport& http,
              RemoteShell& shell,
              const Vault& vault,
              Replies& replies) {
  const auto next = [&](const Replies& so_far) {
    std::vector<Query> queries;
    if (besides) queries = besides(so_far);
    for (const Reading& reading : readings) {
      for (Query& query : (reading.kind->*questions)(reading.batch, so_far)) {
        if (!so_far.contains(query)) queries.push_back(std::move(query));
      }
    }
    return queries;
  };
  const Asked asked = ask_all(next, http, shell, vault, replies);
  if (asked.waves < k_most_waves) return asked;
  for (Reading& reading : readings) reading.endless = asks_more(reading, questions, replies);
  return asked;
}

}  // namespace aegis
