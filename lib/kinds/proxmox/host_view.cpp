#include "kinds/proxmox/host_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "kinds/proxmox/api.h"

namespace aegis::proxmox {
namespace {

const Json k_nothing;

std::string advice_for(ErrorCode code) {
  switch (code) {
    case ErrorCode::unauthorized:
      return " Check the server's token, or its user and password: whether they exist and have not "
             "expired.";
    case ErrorCode::forbidden:
      return " Give the user and, if it is separated, the token a role with that privilege; "
             "PVEAuditor on / is enough to plan.";
    case ErrorCode::unreachable:
      return " Check that the host is up and that its address and port are right.";
    default:
      return {};
  }
}

bool is_granted(const Json& permissions,
                std::string_view privilege,
                const std::string& path,
                bool itself) {
  const Json& granted = get(get(permissions, path), privilege);
  if (granted.is_null()) return false;
  return itself || as_bool(granted).value_or(false);
}

}  // namespace

Result<const Json*> data_of(const Replies& replies, const Query& query, std::string_view what) {
  const auto found = replies.find(query);
  if (found == replies.end()) {
    return Error{ErrorCode::outcome_unknown, fmt::format("{} was not read", what)};
  }
  const Reply& reply = found->second;
  const std::string context = fmt::format("reading {}", what);
  if (reply.error) {
    Error error = reply.error->in_context(context);
    error.message += "." + advice_for(error.code);
    return error;
  }
  if (reply.status >= 200 && reply.status < 300 && reply.body.is_object()) {
    return &get(reply.body, "data");
  }
  Error error = error_of(reply.status, reply.reason, reply.body, reply.text).in_context(context);
  if (reply.status >= 200 && reply.status < 300) error.message += " (not an answer of Proxmox)";
  error.message += "." + advice_for(error.code);
  return error;
}

HostQueries::HostQueries(const Scope& scope)
    : endpoint(text_or(scope.settings, "endpoint")), node(text_or(scope.settings, "node")) {}

Query HostQueries::get(std::string_view path) const {
  return {Query::Type::http_get, endpoint, api_path(path)};
}

Query HostQueries::of_node(std::string_view path) const {
  return get(fmt::format("/nodes/{}{}", percent_encode(node), path));
}

Query HostQueries::permissions() const {
  return get("/access/permissions");
}

Query HostQueries::guests() const {
  return get("/cluster/resources?type=vm");
}

Query HostQueries::of_system(const GuestSystem& system) const {
  return of_node(fmt::format("/{}", system.api_type));
}

Query HostQueries::nodes() const {
  return get("/nodes");
}

Query HostQueries::storages() const {
  return of_node("/storage");
}

Query HostQueries::bridges() const {
  return of_node("/network?type=any_bridge");
}

Query HostQueries::status() const {
  return of_node("/status");
}

Query HostQueries::pending(const GuestSystem& system, std::int64_t vmid) const {
  return {Query::Type::http_get, endpoint, system.path(node, vmid, "/pending")};
}

Query HostQueries::files(std::string_view storage, std::string_view content) const {
  return {Query::Type::http_get,
          endpoint,
          storage_path(node, storage, fmt::format("/content?content={}", content))};
}

Result<HostView> HostView::read(const HostQueries& queries,
                                const Replies& replies,
                                const GuestSystem& system) {
  HostView view;
  view.api_type_ = system.api_type;
  view.node_ = queries.node;
  const auto permissions = data_of(replies, queries.permissions(), "our own permissions");
  if (!permissions) return permissions.error();
  view.permissions_ = *permissions;
  const auto list = data_of(replies,
                            queries.of_system(system),
                            fmt::format("the {}s of node {}", system.noun, queries.node));
  if (!list) return list.error();
  const auto guests = data_of(replies, queries.guests(), "the guests of the cluster");
  if (!guests) return guests.error();
  for (const Json& item : **list) {
    if (const auto vmid = as_integer(aegis::get(item, "vmid"))) view.guests_[*vmid] = &item;
  }
  for (const Json& item : **guests) {
    const auto vmid = as_integer(aegis::get(item, "vmid"));
    if (vmid && !view.guests_.contains(*vmid)) view.others_[*vmid] = &item;
  }
  view.storages_ = named_in(replies, queries.storages(), "storage");
  view.bridges_ = named_in(replies, queries.bridges(), "iface");
  return view;
}

const Json& HostView::guest(std::int64_t vmid) const {
  const auto found = guests_.find(vmid);
  return found == guests_.end() ? k_nothing : *found->second;
}

const std::map<std::int64_t, const Json*>& HostView::guests() const {
  return guests_;
}

std::string HostView::other_guest(std::int64_t vmid) const {
  const auto found = others_.find(vmid);
  if (found == others_.end()) return {};
  const Json& guest = *found->second;
  const bool machine = text_or(guest, "type") == "qemu";
  // A guest of this node that was made between the two lists is no stranger.
  if (text_or(guest, "type") == api_type_ && text_or(guest, "node") == node_) return {};
  return fmt::format("the {} {} ({}) on node {}",
                     machine ? "virtual machine" : "container",
                     vmid,
                     text_or(guest, "name", "no name"),
                     text_or(guest, "node"));
}

bool has_node(const Json& nodes, std::string_view name) {
  return std::any_of(
      nodes.begin(), nodes.end(), [&](const Json& node) { return text_or(node, "node") == name; });
}

std::string HostView::other_node(std::int64_t vmid) const {
  const auto found = others_.find(vmid);
  if (found == others_.end() || text_or(*found->second, "type") != api_type_) return {};
  const std::string node = text_or(*found->second, "node");
  return node == node_ ? std::string() : node;
}

const Json& HostView::other(std::int64_t vmid) const {
  const auto found = others_.find(vmid);
  return found == others_.end() ? k_nothing : *found->second;
}

bool HostView::grants(std::string_view privilege, std::int64_t vmid) const {
  return is_granted(*permissions_, privilege, fmt::format("/vms/{}", vmid), true) ||
         is_granted(*permissions_, privilege, "/vms", false) ||
         is_granted(*permissions_, privilege, "/", false);
}

bool HostView::may_see(std::int64_t vmid) const {
  return grants("VM.Audit", vmid);
}

// Lists that only serve hints: without one there are none. An empty one may be a filtered one.
HostView::Named HostView::named_in(const Replies& replies,
                                   const Query& query,
                                   std::string_view key) {
  const auto list = data_of(replies, query, "");
  if (!list || !(*list)->is_array() || (*list)->empty()) return std::nullopt;
  Named named(std::in_place);
  for (const Json& item : **list) named->emplace(text_or(item, key), &item);
  return named;
}

const Json& HostView::entry(const Named& list, std::string_view name) {
  if (!list) return k_nothing;
  const auto found = list->find(name);
  return found == list->end() ? k_nothing : *found->second;
}

std::optional<bool> HostView::has(const Named& list, std::string_view name) {
  if (!list) return std::nullopt;
  return list->find(name) != list->end();
}

std::optional<bool> HostView::has_storage(std::string_view name) const {
  return has(storages_, name);
}

std::optional<bool> HostView::has_bridge(std::string_view name) const {
  return has(bridges_, name);
}

const Json& HostView::storage(std::string_view name) const {
  return entry(storages_, name);
}

const Json& HostView::bridge(std::string_view name) const {
  return entry(bridges_, name);
}

}  // namespace aegis::proxmox
