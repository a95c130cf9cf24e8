#include "kinds/docker/service_perform.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "kinds/docker/api.h"
#include "kinds/docker/container_create.h"
#include "kinds/docker/container_hooks.h"
#include "kinds/docker/container_operations.h"
#include "kinds/docker/container_restart.h"
#include "kinds/docker/container_wait.h"
#include "kinds/docker/image_build.h"
#include "kinds/docker/placed_files.h"
#include "kinds/docker/pull.h"
#include "kinds/docker/stateful_data.h"
#include "kinds/docker/steps.h"

namespace aegis::docker {
namespace {

struct Operation {
  std::string_view name;
  Result<Json> (*run)(const Step& step, const EngineClient& client);
};

constexpr Operation k_operations[] = {{"pull", pull_image},
                                      {"build", build_image},
                                      {"check_data", check_data},
                                      {"create", create_container},
                                      {"place", place_files},
                                      {"discard", discard_candidate},
                                      {"wait_for_dependency", wait_for_dependency},
                                      {"stop", stop_container},
                                      {"start_again", start_again},
                                      {"park", park_container},
                                      {"unpark", unpark_container},
                                      {"promote", promote_candidate},
                                      {"demote", demote_candidate},
                                      {"start", start_container},
                                      {"post_start", run_post_start},
                                      {"pre_stop", run_pre_stop},
                                      {"stop_started", stop_started},
                                      {"restart", restart_container},
                                      {"wait", wait_until_works},
                                      {"pause", let_time_pass},
                                      {"remove", remove_container},
                                      {"update", update_container},
                                      {"rename", rename_container},
                                      {"attach", attach_container},
                                      {"detach", detach_container}};

}  // namespace

Result<Json> perform_service(const Step& step, const Outputs& /*outputs*/, Effects& effects) {
  if (step.operation == "adopt") return perform_adoption(step, effects);
  const auto* const operation =
      std::find_if(std::begin(k_operations), std::end(k_operations), [&](const Operation& known) {
        return known.name == step.operation;
      });
  if (operation == std::end(k_operations)) {
    return Error{ErrorCode::rejected, "a service has no operation called " + step.operation};
  }
  const auto client = EngineClient::open(step, effects);
  if (!client) return client.error();
  return operation->run(step, *client);
}

}  // namespace aegis::docker
