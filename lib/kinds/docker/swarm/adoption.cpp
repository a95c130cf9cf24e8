#include "kinds/docker/swarm/adoption.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "kinds/docker/api.h"
#include "kinds/docker/labels.h"

namespace aegis::docker {

Result<Json> perform_swarm_adoption(const Step& step, Effects& effects) {
  const auto client = EngineClient::open(step, effects);
  if (!client) return client.error();
  const std::string name = text_or(step.input, "marker");
  const Json labels = {{std::string(k_marked_label), text_or(step.input, "project")}};
  const Json body = {{"Name", name}, {"Labels", labels}, {"Data", base64_encode("adopted\n")}};
  const auto made = client->post("/configs/create", body, {409});
  if (!made) return made.error();
  if (made->status != 409) return Json::object();
  const auto found = client->get("/configs/" + name_in_path(name));
  if (!found) return found.error();
  if (get(get(get(found->body, "Spec"), "Labels"), k_marked_label) == get(step.input, "project")) {
    return Json::object();
  }
  return Error{ErrorCode::conflict,
               fmt::format("the config {} exists and is not aegisctl's; remove it", name)};
}

}  // namespace aegis::docker
