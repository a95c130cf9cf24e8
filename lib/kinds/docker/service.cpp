#include "kinds/docker/service.h"

#include "kinds/docker/service_observe.h"
#include "kinds/docker/service_perform.h"
#include "kinds/docker/service_rules.h"
#include "kinds/docker/service_steps.h"

namespace aegis {

const Kind& service_kind() {
  static const Kind k_kind{.name = "service",
                           .scope_type = "stack",
                           .schema = "",
                           .rules = docker::service_rules(),
                           .queries = docker::service_queries,
                           .interpret = docker::interpret_services,
                           .normalize = docker::normalize_service,
                           .refine = docker::refine_service,
                           .lower = docker::lower_service,
                           .follow = docker::follow_service,
                           .perform = docker::perform_service};
  return k_kind;
}

}  // namespace aegis
