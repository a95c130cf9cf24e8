#include <fmt/format.h>

#include <array>

#include "base/digest.h"
#include "simulator/settings_calls.h"

namespace aegis::simulator {
namespace {

using enum FieldType;
using Fields = std::vector<Field>;

constexpr std::string_view k_this_node = "/nodes/{node}";

const Field k_node{.name = "node", .required = true, .format = formats::node};
const Fields k_of_node{k_node};
const Fields k_add{
    k_node, {.name = "handle", .required = true}, {.name = "digest", .max_length = 80}};
const Fields k_switch{k_node,
                      {.name = "path", .required = true},
                      {.name = "index", .type = integer, .required = true},
                      {.name = "enabled", .type = boolean},
                      {.name = "digest", .max_length = 80}};

/// A repository that Proxmox knows by a short name.
struct Standard {
  std::string_view handle;
  std::string_view name;
  std::string_view uri;
  std::string_view component;
  std::string_view file;  ///< where it is added
};

constexpr std::string_view k_enterprise = "https://enterprise.proxmox.com/debian";
constexpr std::string_view k_public = "http://download.proxmox.com/debian";
constexpr std::string_view k_main_file = "/etc/apt/sources.list";
constexpr std::string_view k_ceph_file = "/etc/apt/sources.list.d/ceph.list";

constexpr std::array<Standard, 9> k_standards{{
    {"enterprise",
     "Enterprise",
     "/pve",
     "pve-enterprise",
     "/etc/apt/sources.list.d/pve-enterprise.list"},
    {"no-subscription", "No-Subscription", "/pve", "pve-no-subscription", k_main_file},
    {"test", "Test", "/pve", "pvetest", k_main_file},
    {"ceph-quincy-enterprise", "Ceph Quincy Enterprise", "/ceph-quincy", "enterprise", k_ceph_file},
    {"ceph-quincy-no-subscription",
     "Ceph Quincy No-Subscription",
     "/ceph-quincy",
     "no-subscription",
     k_ceph_file},
    {"ceph-quincy-test", "Ceph Quincy Test", "/ceph-quincy", "test", k_ceph_file},
    {"ceph-squid-enterprise", "Ceph Squid Enterprise", "/ceph-squid", "enterprise", k_ceph_file},
    {"ceph-squid-no-subscription",
     "Ceph Squid No-Subscription",
     "/ceph-squid",
     "no-subscription",
     k_ceph_file},
    {"ceph-squid-test", "Ceph Squid Test", "/ceph-squid", "test", k_ceph_file},
}};

std::string uri_of(const Standard& standard) {
  const bool paid = standard.handle.ends_with("enterprise");
  return fmt::format("{}{}", paid ? k_enterprise : k_public, standard.uri);
}

bool is(const Json& line, const Standard& standard) {
  return get(line, "URIs") == Json::array({uri_of(standard)}) &&
         get(line, "Components") == Json::array({standard.component});
}

Json* find_line(Json& files, const Standard& standard) {
  for (auto& [path, lines] : files.items()) {
    for (Json& line : lines) {
      if (is(line, standard)) return &line;
    }
  }
  return nullptr;
}

std::string digest_of(const World& world) {
  return sha256_hex(dump_json(world.settings.repositories));
}

Refusal check_digest(const World& world, const Call& call) {
  if (!call.has("digest") || call.text("digest") == digest_of(world)) return {};
  return refuse("detected modified configuration - file changed by other user? Try again.");
}

Answer list_repositories(World& world, const Call&) {
  Json files = Json::array();
  for (const auto& [path, lines] : world.settings.repositories.items()) {
    files.push_back({{"path", path}, {"file-type", "list"}, {"repositories", lines}});
  }
  Json standards = Json::array();
  for (const Standard& standard : k_standards) {
    Json item{{"handle", standard.handle}, {"name", standard.name}};
    if (const Json* line = find_line(world.settings.repositories, standard)) {
      item["status"] = get(*line, "Enabled");
    }
    standards.push_back(std::move(item));
  }
  return answer({{"files", files},
                 {"errors", Json::array()},
                 {"infos", Json::array()},
                 {"standard-repos", standards},
                 {"digest", digest_of(world)}});
}

// One that is there but switched off is switched on.
Answer add_repository(World& world, const Call& call) {
  if (Refusal refusal = check_digest(world, call)) return *refusal;
  for (const Standard& standard : k_standards) {
    if (standard.handle != call.text("handle")) continue;
    if (Json* line = find_line(world.settings.repositories, standard)) {
      (*line)["Enabled"] = 1;
    } else {
      world.settings.repositories[std::string(standard.file)].push_back(
          {{"Types", {"deb"}},
           {"URIs", {uri_of(standard)}},
           {"Suites", {"bookworm"}},
           {"Components", {standard.component}},
           {"Enabled", 1},
           {"FileType", "list"}});
    }
    return answer();
  }
  return refuse(fmt::format("unknown repository handle '{}'", call.text("handle")));
}

Answer switch_repository(World& world, const Call& call) {
  if (Refusal refusal = check_digest(world, call)) return *refusal;
  Json& files = world.settings.repositories;
  const std::string path = call.text("path");
  if (!files.contains(path)) return refuse(fmt::format("invalid path - {}", path));
  const auto index = static_cast<std::size_t>(call.number("index"));
  if (index >= files[path].size()) return refuse(fmt::format("invalid index - {}", index));
  if (call.has("enabled")) files[path][index]["Enabled"] = call.flag("enabled") ? 1 : 0;
  return answer();
}

}  // namespace

std::vector<Route> repository_routes() {
  const std::string_view path = "/nodes/{node}/apt/repositories";
  return {
      {"GET", path, k_of_node, list_repositories, k_this_node, {"Sys.Audit"}},
      {"PUT", path, k_add, add_repository, k_this_node, {"Sys.Modify"}},
      {"POST", path, k_switch, switch_repository, k_this_node, {"Sys.Modify"}},
  };
}

}  // namespace aegis::simulator
