#include "kinds/docker/lock.h"

#include <fmt/format.h>

#include <chrono>

#include "kinds/docker/api.h"
#include "kinds/docker/stack.h"

namespace aegis::docker {
namespace {

constexpr std::string_view k_volume = "aegisctl-lock";
constexpr std::string_view k_run = "io.aegisctl.run";
constexpr std::string_view k_who = "io.aegisctl.who";
constexpr std::string_view k_operation = "io.aegisctl.operation";
constexpr std::string_view k_since = "io.aegisctl.since";
constexpr int k_tries = 3;

std::string volume_path() {
  return fmt::format("/volumes/{}", k_volume);
}

Json request_of(const LockHolder& holder) {
  const auto since = std::chrono::system_clock::to_time_t(holder.since);
  return {{"Name", k_volume},
          {"Labels",
           {{std::string(k_run), holder.run},
            {std::string(k_who), holder.who},
            {std::string(k_operation), holder.operation},
            {std::string(k_since), std::to_string(since)}}}};
}

// A volume of the name that is not ours still is a lock: nobody knows whose.
LockHolder holder_in(const Json& volume) {
  const Json& labels = get(volume, "Labels");
  LockHolder holder;
  holder.run = text_or(labels, k_run);
  holder.who = text_or(labels, k_who, "somebody");
  holder.operation = text_or(labels, k_operation, "an unknown operation");
  holder.since =
      std::chrono::system_clock::from_time_t(as_integer(get(labels, k_since)).value_or(0));
  return holder;
}

Result<bool> guest_runs(const Stack& stack, Effects& effects) {
  if (!stack.guest) return true;
  HttpRequest request;
  request.endpoint = stack.guest->endpoint;
  request.path = fmt::format("/api2/json/nodes/{}/lxc", stack.guest->node);
  const auto response = effects.http.send(request);
  if (!response) return response.error();
  const auto body = parse_json(response->body);
  if (response->status != 200 || !body) {
    return error_of(response->status, body ? *body : Json(), response->reason);
  }
  for (const Json& guest : get(*body, "data")) {
    if (as_integer(get(guest, "vmid")) == stack.guest->vmid) {
      return text_or(guest, "status") == "running";
    }
  }
  return false;
}

// The engine, or nothing when its guest does not run.
Result<std::optional<EngineClient>> engine_of(const Scope& scope, Effects& effects) {
  const Stack stack = read_stack(scope);
  const auto runs = guest_runs(stack, effects);
  if (!runs) return runs.error();
  if (!*runs) return std::optional<EngineClient>();
  Step step;
  step.input = {{"endpoint", stack.endpoint}};
  auto client = EngineClient::open(step, effects);
  if (!client) return client.error();
  return std::optional<EngineClient>(*client);
}

Result<std::optional<LockHolder>> read(const EngineClient& client) {
  const auto volume = client.get(volume_path(), {404});
  if (!volume) return volume.error();
  if (volume->status == 404) return std::optional<LockHolder>();
  return std::optional(holder_in(volume->body));
}

Result<Done> take(const EngineClient& client, const LockHolder& holder, const Scope& scope) {
  Result<Answer> made = Answer{};
  for (int i = 0; i < k_tries; ++i) {
    made = client.post("/volumes/create", request_of(holder));
    // The answer may be lost though the volume was made; asking again tells whose it is.
    if (made || made.error().code != ErrorCode::outcome_unknown) break;
  }
  if (!made) return made.error();
  const LockHolder present = holder_in(made->body);
  if (present.run == holder.run) return Done{};
  return locked_by(present, "the engine of " + scope.name);
}

}  // namespace

Result<Done> take_lock(const Scope& scope, const LockHolder& holder, Effects& effects) {
  const std::string what = "taking the lock of " + scope.name;
  const auto client = engine_of(scope, effects);
  if (!client) return client.error().in_context(what);
  if (!*client) return Done{};
  auto taken = take(**client, holder, scope);
  if (taken || taken.error().code == ErrorCode::conflict) return taken;
  return taken.error().in_context(what);
}

Result<std::optional<LockHolder>> read_lock(const Scope& scope, Effects& effects) {
  const auto client = engine_of(scope, effects);
  if (!client) return client.error().in_context("reading the lock of " + scope.name);
  if (!*client) return std::optional<LockHolder>();
  return read(**client).in_context("reading the lock of " + scope.name);
}

Result<Done> release_lock(const Scope& scope, const std::string& run, Effects& effects) {
  const std::string what = "giving back the lock of " + scope.name;
  const auto client = engine_of(scope, effects);
  if (!client) return client.error().in_context(what);
  if (!*client) return Done{};
  const auto present = read(**client);
  if (!present) return present.error().in_context(what);
  if (!*present || (!run.empty() && (*present)->run != run)) return Done{};
  const auto removed = (*client)->remove(volume_path(), {404});
  if (!removed) return removed.error().in_context(what);
  return Done{};
}

}  // namespace aegis::docker
