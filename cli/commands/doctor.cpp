#include "kinds/proxmox/doctor.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "commands.h"
#include "kinds/proxmox/needs.h"
#include "kinds/table.h"
#include "plan/make_plan.h"
#include "render/diagnosis_text.h"
#include "session.h"

namespace aegis {
namespace {

ExitCode print_role(const Options& options, Terminal& terminal) {
  const auto purpose = options.role == "plan" ? Purpose::plan : Purpose::apply;
  const auto privileges = proxmox::role_privileges(purpose);
  if (options.format == "json") {
    Json list = Json::array();
    for (const auto& privilege : privileges) {
      list.push_back({{"privilege", privilege.name}, {"kinds", privilege.kinds}});
    }
    const Json json{{"format_version", "1.0"}, {"role", options.role}, {"privileges", list}};
    return terminal.print(dump_json(json) + "\n") ? ExitCode::success : ExitCode::failure;
  }
  std::string text;
  for (const auto& privilege : privileges) {
    text += fmt::format("{:<28}{}\n", privilege.name, join(privilege.kinds, ", "));
  }
  return terminal.print(text) ? ExitCode::success : ExitCode::failure;
}

// Of a server that answers: what its credentials lack.
void add_missing(const Scope& scope,
                 const Desired& desired,
                 Effects& effects,
                 ServerHealth& health,
                 Diagnosis& diagnosis) {
  const auto missing = proxmox::missing_privileges(desired, scope, effects);
  if (!missing) {
    health.problem = missing.error();
    return;
  }
  diagnosis.obstacles.insert(diagnosis.obstacles.end(), missing->begin(), missing->end());
}

Diagnosis diagnose(Session& session) {
  Diagnosis diagnosis;
  const Manifests& manifests = session.manifests();
  Effects effects = session.effects();
  for (const auto& [name, server] : manifests.connections.servers) {
    const Scope& scope = manifests.desired.scopes.at("server/" + name);
    ServerHealth health = proxmox::examine(server, scope, effects);
    if (!health.problem) add_missing(scope, manifests.desired, effects, health, diagnosis);
    diagnosis.servers.push_back(std::move(health));
  }
  // As if nothing were there yet: then the plan has every declared attribute, and its door.
  const Plan everything = make_plan(manifests.desired, World{}, all_kinds(), {});
  for (Obstacle& obstacle :
       proxmox::root_only(everything.changes, manifests.desired, diagnosis.servers)) {
    diagnosis.obstacles.push_back(std::move(obstacle));
  }
  std::stable_sort(
      diagnosis.obstacles.begin(), diagnosis.obstacles.end(), [](const auto& a, const auto& b) {
        return std::tie(a.server, a.resource) < std::tie(b.server, b.resource);
      });
  return diagnosis;
}

ExitCode ending(const Diagnosis& diagnosis) {
  for (const ServerHealth& health : diagnosis.servers) {
    if (health.problem) return exit_code(*health.problem);
  }
  return diagnosis.obstacles.empty() ? ExitCode::success : ExitCode::unauthorized;
}

}  // namespace

ExitCode run_doctor(const Options& options, Terminal& terminal) {
  if (!options.role.empty()) return print_role(options, terminal);
  Session session(options, terminal);
  if (!session.is_valid()) return ExitCode::invalid;
  const Diagnosis diagnosis = diagnose(session);
  const bool printed =
      options.format == "json"
          ? terminal.print(dump_json(to_json(diagnosis)) + "\n")
          : terminal.print(render_text(diagnosis, {terminal.color_out(), terminal.width()}));
  return printed ? ending(diagnosis) : ExitCode::failure;
}

}  // namespace aegis
