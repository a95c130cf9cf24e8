#include "kinds/proxmox/doctor.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "kinds/proxmox/api.h"
#include "kinds/proxmox/needs.h"
#include "kinds/proxmox/raw_lines.h"
#include "kinds/proxmox/visibility.h"

namespace aegis::proxmox {
namespace {

constexpr std::string_view k_server_scope = "server/";

std::string server_of(const std::string& scope) {
  return scope.starts_with(k_server_scope) ? scope.substr(k_server_scope.size()) : scope;
}

std::string login_of(const Server& server) {
  const ProxmoxConnection& proxmox = server.proxmox;
  if (!proxmox.token_id.empty()) return fmt::format("token {}", proxmox.token_id);
  if (!proxmox.password.empty()) return proxmox.user;
  return "root@pam over SSH";
}

Result<Json> read_version(const Scope& scope, bool as_root, Effects& effects) {
  HttpRequest request;
  request.endpoint = text_or(scope.settings, "endpoint");
  request.path = api_path("/version");
  request.as_root = as_root;
  const auto response = effects.http.send(request);
  if (!response) return response.error();
  const auto body = parse_json(response->body);
  if (response->status >= 200 && response->status < 300 && body) return get(*body, "data");
  return error_of(response->status, response->reason, body ? *body : Json(), response->body);
}

// The same privilege on the same path, once a resource and attribute.
void add_obstacle(std::vector<Obstacle>& obstacles, Obstacle obstacle) {
  const bool repeated = std::any_of(obstacles.begin(), obstacles.end(), [&](const Obstacle& other) {
    return std::tie(other.resource, other.attribute, other.purpose, other.need, other.server) ==
           std::tie(obstacle.resource,
                    obstacle.attribute,
                    obstacle.purpose,
                    obstacle.need,
                    obstacle.server);
  });
  if (!repeated) obstacles.push_back(std::move(obstacle));
}

// What a change of the attribute lacks; empty when it can be made.
std::string_view missing_way(const AttributeChange& attribute, bool has_root, bool has_shell) {
  if (attribute.door != Door::root) return {};
  if (attribute.path == k_raw_lines) {
    return has_shell ? std::string_view() : "root's shell on the server, by `ssh`; no call can";
  }
  return has_root ? std::string_view()
                  : "root@pam, by `ssh` or by its password; a token never counts as root";
}

void check(const std::vector<Need>& needs,
           const Json& permissions,
           const Obstacle& of,
           std::vector<Obstacle>& obstacles) {
  for (const Need& need : needs) {
    if (may_see(permissions, need.privileges, need.path)) continue;
    Obstacle obstacle = of;
    obstacle.attribute = need.attribute;
    obstacle.purpose = need.purpose;
    obstacle.need =
        fmt::format("{} on {}", list_words(split_any(need.privileges, " "), "or"), need.path);
    add_obstacle(obstacles, std::move(obstacle));
  }
}

}  // namespace

ServerHealth examine(const Server& server, const Scope& scope, Effects& effects) {
  ServerHealth health;
  health.name = server.name;
  health.login = login_of(server);
  const auto version = read_version(scope, false, effects);
  if (!version) {
    health.problem = version.error();
    return health;
  }
  health.version = text_or(*version, "version");
  if (!server.can_act_as_root()) return health;
  const auto as_root = read_version(scope, true, effects);
  if (as_root) {
    health.has_root = true;
  } else {
    health.root_problem = as_root.error();
  }
  return health;
}

Result<std::vector<Obstacle>> missing_privileges(const Desired& desired,
                                                 const Scope& scope,
                                                 Effects& effects) {
  const ApiClient api(effects, text_or(scope.settings, "endpoint"));
  const auto permissions = api.get(api_path("/access/permissions"));
  if (!permissions) return permissions.error().in_context("reading our own permissions");
  std::vector<Obstacle> obstacles;
  Obstacle of;
  of.server = server_of(scope.name);
  check(needs_of_server(), *permissions, of, obstacles);
  for (const auto& [address, resource] : desired.resources) {
    if (resource.scope != scope.name) continue;
    of.resource = to_string(address);
    check(needs_of(resource, scope), *permissions, of, obstacles);
  }
  return obstacles;
}

std::vector<Obstacle> root_only(const std::vector<Change>& changes,
                                const Desired& desired,
                                const std::vector<ServerHealth>& servers) {
  std::vector<Obstacle> obstacles;
  for (const Change& change : changes) {
    const auto resource = desired.resources.find(change.address);
    if (resource == desired.resources.end()) continue;
    const std::string server = server_of(resource->second.scope);
    const bool has_root = std::any_of(servers.begin(), servers.end(), [&](const ServerHealth& s) {
      return s.name == server && s.has_root;
    });
    const Scope& scope = desired.scopes.find(resource->second.scope)->second;
    const bool has_shell = get(scope.settings, "shell") != Json(false);
    for (const AttributeChange& attribute : change.attributes) {
      const std::string_view need = missing_way(attribute, has_root, has_shell);
      if (need.empty()) continue;
      obstacles.push_back({server,
                           to_string(change.address),
                           attribute.path,
                           Purpose::apply,
                           attribute.door,
                           std::string(need)});
    }
  }
  return obstacles;
}

}  // namespace aegis::proxmox
