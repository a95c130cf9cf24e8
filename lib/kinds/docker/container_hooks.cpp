#include "kinds/docker/container_hooks.h"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "base/scrub.h"
#include "base/text.h"
#include "kinds/docker/container_logs.h"
#include "kinds/docker/process.h"
#include "kinds/docker/shape.h"

namespace aegis::docker {
namespace {

constexpr std::size_t k_most_lines = 20;

Json exec_request(const Json& hook, const Vault& vault) {
  const Json open = vault.reveal_all(hook);
  Json body = {{"AttachStdout", true}, {"AttachStderr", true}, {"Cmd", get(open, "command")}};
  put(body, "User", get(open, "user"));
  put(body, "Privileged", get(open, "privileged"));
  put(body, "WorkingDir", get(open, "working_dir"));
  put(body, "Env", environment_list(get(open, "environment")));
  return body;
}

std::string end_of(std::string_view output) {
  auto lines = split(trim(output), '\n');
  if (lines.size() > k_most_lines) lines.erase(lines.begin(), lines.end() - k_most_lines);
  return join(lines, "\n");
}

// What the command printed; the answer ends when the command does.
Result<std::string> output_of(const EngineClient& client, const std::string& id) {
  HttpRequest request = client.request("POST", fmt::format("/exec/{}/start", id));
  request.content_type = "application/json";
  request.body = dump_json({{"Detach", false}, {"Tty", false}});
  request.timeout = k_hook_timeout;
  const auto response = client.effects().http.send(request);
  if (!response) return response.error();
  if (response->status == 200) return unframed(response->body);
  const auto body = parse_json(response->body);
  return error_of(response->status, body ? *body : Json(), response->body);
}

Result<Done> run_hook(const EngineClient& client, const std::string& container, const Json& hook) {
  const Vault& vault = client.effects().vault;
  const auto made = client.post(fmt::format("/containers/{}/exec", name_in_path(container)),
                                exec_request(hook, vault));
  if (!made) return made.error();
  const std::string id = text_or(made->body, "Id");
  const auto output = output_of(client, id);
  if (!output) return output.error();
  const auto ended = client.get(fmt::format("/exec/{}/json", id));
  if (!ended) return ended.error();
  const std::int64_t code = integer_or_zero(get(ended->body, "ExitCode"));
  if (code == 0) return Done{};
  std::string message = fmt::format("its command ended with exit code {}", code);
  const std::string lines = scrub(end_of(*output), hook, vault);
  if (!lines.empty()) message += "; its last lines:\n" + lines;
  return Error{ErrorCode::rejected, std::move(message)};
}

}  // namespace

Result<Done> run_hooks(const EngineClient& client,
                       const std::string& container,
                       const Json& hooks) {
  std::size_t number = 0;
  for (const Json& hook : hooks) {
    const auto ran = run_hook(client, container, hook);
    ++number;
    if (!ran) return ran.error().in_context(fmt::format("hook {}", number));
  }
  return Done{};
}

Result<Json> run_post_start(const Step& step, const EngineClient& client) {
  const auto ran = run_hooks(client, text_or(step.input, "container"), get(step.input, "hooks"));
  if (!ran) return ran.error().in_context("post_start");
  return Json::object();
}

Result<Json> run_pre_stop(const Step& step, const EngineClient& client) {
  const std::string container = text_or(step.input, "container");
  const auto found = client.get("/containers/" + name_in_path(container) + "/json", {404});
  if (!found) return found.error();
  const bool runs = text_or(get(found->body, "State"), "Status") == "running";
  if (!runs) return Json::object();
  const auto ran = run_hooks(client, container, get(step.input, "hooks"));
  if (!ran) return ran.error().in_context("pre_stop");
  return Json::object();
}

}  // namespace aegis::docker
