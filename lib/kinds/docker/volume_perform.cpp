#include "kinds/docker/volume_perform.h"

#include <fmt/format.h>

#include <string>

#include "kinds/docker/api.h"
#include "kinds/docker/container_operations.h"
#include "kinds/docker/labels.h"
#include "kinds/docker/steps.h"

namespace aegis::docker {
namespace {

Result<Json> create_volume(const Step& step, const EngineClient& client) {
  const Json body = client.effects().vault.reveal_all(get(step.input, "body"));
  const auto made = client.post("/volumes/create", body, {}, step.timeout);
  if (!made) return made.error();
  // A volume that exists is answered as it is, with its own labels.
  const std::string owner = text_or(get(made->body, "Labels"), k_stack_label);
  if (owner == text_or(get(body, "Labels"), k_stack_label)) return Json::object();
  return Error{ErrorCode::conflict,
               fmt::format("a volume called {} exists and is not this stack's; plan again",
                           text_or(body, "Name"))};
}

// Those of the plan only: whatever else uses it by now makes the volume's own removal fail.
Result<Json> remove_users(const Step& step, const EngineClient& client) {
  for (const Json& user : get(step.input, "users")) {
    Step removal = step;
    removal.input = {{"container", user}};
    auto removed = remove_container(removal, client);
    if (!removed) return removed;
  }
  return Json::object();
}

// It can be in use for a moment longer by a container whose removal is under way.
Result<Json> remove_volume(const Step& step, const EngineClient& client) {
  constexpr std::chrono::milliseconds k_poll{500};
  Clock& clock = client.effects().clock;
  auto unused = remove_users(step, client);
  if (!unused) return unused;
  const TimePoint deadline = clock.now() + step.timeout / 4;
  while (true) {
    const auto removed =
        client.remove("/volumes/" + name_in_path(text_or(step.input, "name")), {404, 409});
    if (!removed) return removed.error();
    if (removed->status != 409) return Json::object();
    if (clock.now() >= deadline) return error_of(removed->status, removed->body, "");
    clock.sleep_for(k_poll);
  }
}

}  // namespace

Result<Json> perform_volume(const Step& step, const Outputs& /*outputs*/, Effects& effects) {
  if (step.operation == "adopt") return perform_adoption(step, effects);
  const auto client = EngineClient::open(step, effects);
  if (!client) return client.error();
  if (step.operation == "create") return create_volume(step, *client);
  if (step.operation == "remove") return remove_volume(step, *client);
  return Error{ErrorCode::rejected, "a volume has no operation called " + step.operation};
}

}  // namespace aegis::docker
