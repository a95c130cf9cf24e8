#include "simulator/routes.h"

#include "base/text.h"
#include "simulator/container_calls.h"
#include "simulator/container_fields.h"
#include "simulator/container_update.h"
#include "simulator/firewall_routes.h"
#include "simulator/network_calls.h"
#include "simulator/node_calls.h"
#include "simulator/settings_calls.h"

namespace aegis::simulator {
namespace {

using enum FieldType;
using Fields = std::vector<Field>;

const Field k_node{.name = "node", .required = true, .format = formats::node};
const Field k_vmid{.name = "vmid", .type = integer, .required = true, .format = formats::vmid};
const Field k_storage{.name = "storage", .required = true, .format = formats::storage_id};
const Field k_poolid{.name = "poolid", .required = true, .format = formats::poolid};
const Field k_upid{.name = "upid", .required = true};
const Field k_some_vmid{.name = "vmid", .type = integer, .format = formats::vmid};

const Fields k_none{};
const Fields k_of_node{k_node};
const Fields k_of_guest{k_node, k_vmid};
const Fields k_of_task{k_node, k_upid};
const Fields k_of_node_storage{k_node, k_storage};

const Fields k_resources{{.name = "type", .choices = {"vm", "storage", "node", "sdn"}}};
const Fields k_next_id{k_some_vmid};

const Fields k_config{k_node,
                      k_vmid,
                      {.name = "current", .type = boolean},
                      {.name = "snapshot", .max_length = 40, .format = formats::configid}};
const Fields k_destroy{k_node,
                       k_vmid,
                       {.name = "destroy-unreferenced-disks", .type = boolean},
                       {.name = "force", .type = boolean},
                       {.name = "purge", .type = boolean}};
const Fields k_start{
    k_node, k_vmid, {.name = "debug", .type = boolean}, {.name = "skiplock", .type = boolean}};
const Fields k_stop{k_node,
                    k_vmid,
                    {.name = "overrule-shutdown", .type = boolean},
                    {.name = "skiplock", .type = boolean}};
const Fields k_shutdown{k_node,
                        k_vmid,
                        {.name = "forceStop", .type = boolean},
                        {.name = "timeout", .type = integer, .minimum = 0}};
const Fields k_reboot{k_node, k_vmid, {.name = "timeout", .type = integer, .minimum = 0}};
const Fields k_resize{
    k_node,
    k_vmid,
    {.name = "disk", .required = true, .pattern = "rootfs|mp[0-9]{1,3}"},
    {.name = "size", .required = true, .pattern = "\\+?[0-9]+(\\.[0-9]+)?[KMGT]?"},
    {.name = "digest", .max_length = 40}};
const Fields k_feature{
    k_node,
    k_vmid,
    {.name = "feature", .required = true, .choices = {"snapshot", "clone", "copy"}},
    {.name = "snapname", .max_length = 40, .format = formats::configid}};

const Fields k_tasks{k_node,
                     k_some_vmid,
                     {.name = "errors", .type = boolean},
                     {.name = "limit", .type = integer, .minimum = 0},
                     {.name = "since", .type = integer},
                     {.name = "source", .choices = {"archive", "active", "all"}},
                     {.name = "start", .type = integer, .minimum = 0},
                     {.name = "statusfilter", .type = list},
                     {.name = "typefilter"},
                     {.name = "until", .type = integer},
                     {.name = "userfilter"}};
const Fields k_log{k_node,
                   k_upid,
                   {.name = "limit", .type = integer, .minimum = 0},
                   {.name = "start", .type = integer, .minimum = 0}};
const Fields k_node_storages{k_node,
                             {.name = "content", .type = list, .format = formats::content_type},
                             {.name = "enabled", .type = boolean},
                             {.name = "format", .type = boolean},
                             {.name = "storage", .format = formats::storage_id}};
const Fields k_content{
    k_node, k_storage, k_some_vmid, {.name = "content", .format = formats::content_type}};
const Fields k_download{
    k_node, k_storage, {.name = "template", .required = true, .max_length = 255}};
const Fields k_pools{{.name = "poolid", .format = formats::poolid},
                     {.name = "type", .choices = {"qemu", "lxc", "storage"}}};
const Fields k_pool{k_poolid, {.name = "type", .choices = {"qemu", "lxc", "storage"}}};
const Fields k_new_pool{k_poolid, {.name = "comment"}};
const Fields k_pool_update{k_poolid,
                           {.name = "allow-move", .type = boolean},
                           {.name = "comment"},
                           {.name = "delete", .type = boolean},
                           {.name = "storage", .type = list, .format = formats::storage_id},
                           {.name = "vms", .type = list, .format = formats::vmid}};
const Fields k_pool_removal{k_poolid};

constexpr std::string_view k_guest = "/vms/{vmid}";
constexpr std::string_view k_this_node = "/nodes/{node}";
constexpr std::string_view k_this_storage = "/storage/{storage}";
constexpr std::string_view k_this_pool = "/pool/{poolid}";
const std::vector<std::string_view> k_sees_guest{"VM.Audit"};
const std::vector<std::string_view> k_changes_guest{"VM.Config.Disk",
                                                    "VM.Config.CPU",
                                                    "VM.Config.Memory",
                                                    "VM.Config.Network",
                                                    "VM.Config.Options"};
const std::vector<std::string_view> k_switches_guest{"VM.PowerMgmt"};
const std::vector<std::string_view> k_sees_storage{"Datastore.Audit", "Datastore.AllocateSpace"};
const std::vector<std::string_view> k_changes_pool{"Pool.Allocate"};

std::vector<Route> guest_routes() {
  return {
      {"GET", "/nodes/{node}/lxc", k_of_node, list_containers},
      {"POST", "/nodes/{node}/lxc", create_fields(), create_container},
      {"GET", "/nodes/{node}/lxc/{vmid}", k_of_guest, container_index},
      {"DELETE",
       "/nodes/{node}/lxc/{vmid}",
       k_destroy,
       destroy_container,
       k_guest,
       {"VM.Allocate"}},
      {"GET", "/nodes/{node}/lxc/{vmid}/config", k_config, read_config, k_guest, k_sees_guest},
      {"PUT",
       "/nodes/{node}/lxc/{vmid}/config",
       update_fields(),
       update_config,
       k_guest,
       k_changes_guest},
      {"GET", "/nodes/{node}/lxc/{vmid}/pending", k_of_guest, read_pending, k_guest, k_sees_guest},
      {"PUT",
       "/nodes/{node}/lxc/{vmid}/resize",
       k_resize,
       resize_disk,
       k_guest,
       {"VM.Config.Disk"}},
      {"GET", "/nodes/{node}/lxc/{vmid}/feature", k_feature, read_feature, k_guest, k_sees_guest},
  };
}

std::vector<Route> power_routes() {
  return {
      {"GET", "/nodes/{node}/lxc/{vmid}/status", k_of_guest, status_index},
      {"GET",
       "/nodes/{node}/lxc/{vmid}/status/current",
       k_of_guest,
       read_status,
       k_guest,
       k_sees_guest},
      {"POST",
       "/nodes/{node}/lxc/{vmid}/status/start",
       k_start,
       start_container,
       k_guest,
       k_switches_guest},
      {"POST",
       "/nodes/{node}/lxc/{vmid}/status/stop",
       k_stop,
       stop_container,
       k_guest,
       k_switches_guest},
      {"POST",
       "/nodes/{node}/lxc/{vmid}/status/shutdown",
       k_shutdown,
       shut_container_down,
       k_guest,
       k_switches_guest},
      {"POST",
       "/nodes/{node}/lxc/{vmid}/status/reboot",
       k_reboot,
       reboot_container,
       k_guest,
       k_switches_guest},
  };
}

std::vector<Route> node_routes() {
  return {
      {"GET", "/version", k_none, read_version},
      {"GET", "/cluster/resources", k_resources, list_resources},
      {"GET", "/cluster/status", k_none, cluster_status, "/", {"Sys.Audit"}},
      {"GET", "/cluster/nextid", k_next_id, next_id},
      {"GET", "/cluster/options", k_none, cluster_options},
      {"GET", "/nodes", k_none, list_nodes},
      {"GET", "/nodes/{node}/status", k_of_node, node_status, k_this_node, {"Sys.Audit"}},
      {"GET", "/nodes/{node}/tasks", k_tasks, list_tasks},
      {"GET", "/nodes/{node}/tasks/{upid}", k_of_task, task_index},
      {"DELETE", "/nodes/{node}/tasks/{upid}", k_of_task, stop_task},
      {"GET", "/nodes/{node}/tasks/{upid}/status", k_of_task, task_status},
      {"GET", "/nodes/{node}/tasks/{upid}/log", k_log, task_log},
      {"GET", "/nodes/{node}/aplinfo", k_of_node, list_templates},
      {"POST",
       "/nodes/{node}/aplinfo",
       k_download,
       download_template,
       k_this_storage,
       {"Datastore.AllocateTemplate"}},
      {"GET", "/nodes/{node}/storage", k_node_storages, list_storages},
      {"GET",
       "/nodes/{node}/storage/{storage}/status",
       k_of_node_storage,
       storage_status,
       k_this_storage,
       k_sees_storage},
      {"GET",
       "/nodes/{node}/storage/{storage}/content",
       k_content,
       list_content,
       k_this_storage,
       k_sees_storage},
      {"GET", "/pools", k_pools, list_pools},
      {"POST", "/pools", k_new_pool, create_pool, k_this_pool, k_changes_pool},
      {"PUT", "/pools", k_pool_update, update_pool, k_this_pool, k_changes_pool},
      {"DELETE", "/pools", k_pool_removal, delete_pool, k_this_pool, k_changes_pool},
      {"GET", "/pools/{poolid}", k_pool, read_pool, k_this_pool, {"Pool.Audit"}},
      {"PUT", "/pools/{poolid}", k_pool_update, update_pool, k_this_pool, k_changes_pool},
      {"DELETE", "/pools/{poolid}", k_pool_removal, delete_pool, k_this_pool, k_changes_pool},
  };
}

// A volume's name and a network have slashes of their own: they take all that is left of the path.
bool fits(const std::vector<std::string>& pattern,
          const std::vector<std::string>& pieces,
          RawParameters& values) {
  const bool takes_rest = pattern.back() == "{volume}" || pattern.back() == "{cidr}";
  if (pieces.size() < pattern.size()) return false;
  if (pieces.size() > pattern.size() && !takes_rest) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i].starts_with('{')) {
      values[pattern[i].substr(1, pattern[i].size() - 2)] = {pieces[i]};
    } else if (pattern[i] != pieces[i]) {
      return false;
    }
  }
  if (takes_rest) {
    const std::string& last = pattern.back();
    values[last.substr(1, last.size() - 2)] = {
        join(std::span(pieces).subspan(pattern.size() - 1), "/")};
  }
  return true;
}

}  // namespace

std::span<const Route> routes() {
  static const std::vector<Route> k_routes = [] {
    std::vector<Route> all = access_routes();
    for (Route& route : guest_routes()) all.push_back(std::move(route));
    for (Route& route : power_routes()) all.push_back(std::move(route));
    for (Route& route : node_routes()) all.push_back(std::move(route));
    for (auto* part : {backup_job_routes,
                       backup_routes,
                       clone_routes,
                       content_routes,
                       firewall_routes,
                       ha_routes,
                       metric_routes,
                       migration_routes,
                       notification_routes,
                       qemu_routes,
                       replication_routes,
                       snapshot_routes,
                       storage_routes}) {
      for (Route& route : part()) all.push_back(std::move(route));
    }
    for (Route& route : network_routes()) all.push_back(std::move(route));
    for (Route& route : node_settings_routes()) all.push_back(std::move(route));
    for (Route& route : repository_routes()) all.push_back(std::move(route));
    for (Route& route : datacenter_routes()) all.push_back(std::move(route));
    return all;
  }();
  return k_routes;
}

const Route* find_route(std::string_view method, std::string_view path, RawParameters& parameters) {
  static const std::vector<std::vector<std::string>> k_patterns = [] {
    std::vector<std::vector<std::string>> patterns;
    for (const Route& route : routes()) patterns.push_back(split_any(route.path, "/"));
    return patterns;
  }();
  const std::vector<std::string> pieces = split_any(path, "/");
  for (std::size_t i = 0; i < k_patterns.size(); ++i) {
    RawParameters values;
    if (routes()[i].method != method || !fits(k_patterns[i], pieces, values)) continue;
    for (auto& [name, value] : values) parameters[name] = std::move(value);
    return &routes()[i];
  }
  return nullptr;
}

}  // namespace aegis::simulator
