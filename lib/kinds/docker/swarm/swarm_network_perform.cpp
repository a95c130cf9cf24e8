#include "kinds/docker/swarm/swarm_network_perform.h"

#include <algorithm>
#include <string>

#include "kinds/docker/api.h"
#include "kinds/docker/network_perform.h"
#include "kinds/docker/swarm/adoption.h"

namespace aegis::docker {
namespace {

constexpr std::chrono::milliseconds k_poll{500};

bool may_pass(const Error& error) {
  return error.code == ErrorCode::forbidden || error.code == ErrorCode::conflict ||
         error.code == ErrorCode::rejected;
}

// A service that is removed leaves its tasks to end by themselves. Until then they hold the
// network, and then this node still has it for a while: a new one of that name would not be made.
Result<Json> remove_network(const Step& step, const EngineClient& client) {
  for (const Json& user : get(step.input, "users")) {
    const auto removed = client.remove("/services/" + name_in_path(as_text(user)), {404});
    if (!removed) return removed.error();
  }
  const std::string path = "/networks/" + name_in_path(text_or(step.input, "network"));
  const TimePoint start = client.effects().clock.now();
  while (true) {
    const auto removed = client.remove(path, {404});
    if (!removed && !may_pass(removed.error())) return removed.error();
    const auto seen = client.get(path, {404});
    if (!seen) return seen.error();
    if (seen->status == 404) return Json::object();
    if (client.effects().clock.now() - start > step.timeout) {
      return removed ? Error{ErrorCode::timed_out, "the network does not go away"}
                     : removed.error();
    }
    client.effects().clock.sleep_for(k_poll);
  }
}

}  // namespace

Result<Json> perform_swarm_network(const Step& step, const Outputs& outputs, Effects& effects) {
  if (step.operation == "adopt") return perform_swarm_adoption(step, effects);
  if (step.operation == "create") return perform_network(step, outputs, effects);
  const auto client = EngineClient::open(step, effects);
  if (!client) return client.error();
  if (step.operation == "remove") return remove_network(step, *client);
  return Error{ErrorCode::rejected, "a Swarm's network has no operation called " + step.operation};
}

}  // namespace aegis::docker
