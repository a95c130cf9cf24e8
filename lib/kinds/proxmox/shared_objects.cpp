#include "kinds/proxmox/shared_objects.h"

#include <algorithm>

namespace aegis::proxmox {

SharedObjects::SharedObjects(const Scope& scope, std::string_view kind)
    : declared_(get(get(scope.settings, "shared"), kind)) {}

std::optional<Query> SharedObjects::query(const HostQueries& host) const {
  if (declared_.is_null()) return std::nullopt;
  return host.nodes();
}

Result<Done> SharedObjects::read(const HostQueries& host, const Replies& replies) {
  const auto asked = query(host);
  if (!asked) return Done{};
  const auto nodes = data_of(replies, *asked, "the nodes of the cluster");
  if (!nodes) return nodes.error();
  nodes_ = *nodes;
  return Done{};
}

bool SharedObjects::contain(const std::string& name) const {
  const Json& declared = get(declared_, name);
  return std::any_of(declared.begin(), declared.end(), [&](const Json& node) {
    return nodes_ != nullptr && has_node(*nodes_, as_text(node));
  });
}

}  // namespace aegis::proxmox
