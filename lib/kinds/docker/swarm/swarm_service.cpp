#include "kinds/docker/swarm/swarm_service.h"

#include <array>

#include "kinds/docker/swarm/swarm_service_observe.h"
#include "kinds/docker/swarm/swarm_service_perform.h"
#include "kinds/docker/swarm/swarm_service_steps.h"

namespace aegis {
namespace {

constexpr std::string_view k_new = "the Swarm replaces the service's tasks";
constexpr std::string_view k_kept = "the running tasks stay";

constexpr AttributeRule renews(std::string_view path) {
  AttributeRule rule;
  rule.path = path;
  rule.disruption = Disruption::restart_service;
  rule.note = k_new;
  return rule;
}

constexpr AttributeRule renews_whole(std::string_view path) {
  AttributeRule rule = renews(path);
  rule.whole = true;
  return rule;
}

constexpr AttributeRule kept(std::string_view path, std::string_view note = k_kept) {
  AttributeRule rule;
  rule.path = path;
  rule.note = note;
  return rule;
}

constexpr AttributeRule fixed(std::string_view path) {
  AttributeRule rule = renews(path);
  rule.disruption = Disruption::recreate;
  rule.immutable = true;
  rule.note = "Swarm cannot change it; the service is removed and made again";
  return rule;
}

constexpr std::array k_rules{renews("image"),
                             renews("command"),
                             renews("entrypoint"),
                             renews("environment"),
                             renews("labels"),
                             renews("user"),
                             renews("group_add"),
                             renews("working_dir"),
                             renews("hostname"),
                             renews("tty"),
                             renews("stdin_open"),
                             renews("read_only"),
                             renews("init"),
                             renews("stop_signal"),
                             renews("stop_grace_period"),
                             renews("healthcheck"),
                             renews("configs"),
                             renews_whole("configs.*"),
                             renews("secrets"),
                             renews_whole("secrets.*"),
                             renews("volumes"),
                             renews_whole("volumes.*"),
                             renews("networks"),
                             renews("ports"),
                             renews("extra_hosts"),
                             renews("dns"),
                             renews("dns_search"),
                             renews("dns_opt"),
                             renews("cap_add"),
                             renews("cap_drop"),
                             renews("sysctls"),
                             renews("ulimits"),
                             renews("logging"),
                             fixed("deploy.mode"),
                             kept("deploy.replicas", "tasks are added or ended"),
                             kept("deploy.labels"),
                             renews("deploy.endpoint_mode"),
                             renews("deploy.resources"),
                             renews("deploy.restart_policy"),
                             kept("deploy.placement", "tasks move only where they no longer fit"),
                             kept("deploy.update_config"),
                             kept("deploy.rollback_config"),
                             kept("update", "the update is taken up again")};

}  // namespace

const Kind& swarm_service_kind() {
  static const Kind k_kind{.name = "swarm-service",
                           .scope_type = "stack",
                           .schema = "",
                           .rules = k_rules,
                           .queries = docker::swarm_service_queries,
                           .interpret = docker::interpret_swarm_services,
                           .normalize = docker::normalize_swarm_service,
                           .refine = nullptr,
                           .lower = docker::lower_swarm_service,
                           .perform = docker::perform_swarm_service};
  return k_kind;
}

}  // namespace aegis
