#pragma once

#include <string>
#include <string_view>

#include "base/json.h"

namespace aegis::proxmox {

/// A container as the diff compares it. Manifests and Proxmox are both brought into this shape, so
/// every function takes either: true, 1 and "1" are the same, and so are a list and "a;b". What is
/// Proxmox's default is left out, with these exceptions that are always told: `hostname`, `memory`,
/// `swap`, `onboot`, `protection`, `unprivileged`, `state`, `tags`. Sizes are texts ("8GiB").

/// `spec` (in the manifest's form) in that shape. Members that the manifest language does not know
/// are left out; a member with an unreadable value is kept as it is, for the host to refuse.
Json shape_of_container(const Json& spec);

/// {bridge, ip, gw, ip6, gw6, hwaddr, firewall, mtu, rate, tag, trunks, link_down}.
Json shape_of_net(const Json& net);

/// {storage, size, ro, shared, acl, mountoptions, quota, replicate} of the root disk.
Json shape_of_rootfs(const Json& disk);

/// {storage, size} or {volume}, and {mp, backup, ro, acl, quota, replicate, shared, mountoptions}.
Json shape_of_mount_point(const Json& disk);

/// A size text in its one form ("1024MiB" -> "1GiB"); null for null; other values unchanged.
Json shape_of_size(const Json& size);

/// The words of a list or of a text cut at ' ', ',', ';' and white space.
std::vector<std::string> words_of(const Json& list);

/// The tag that marks a container as ours.
inline constexpr std::string_view k_owner_tag = "aegisctl";

/// How the description of a clone begins until it has its tags: a clone cannot be given any.
inline constexpr std::string_view k_unfinished_clone = "Being made by aegisctl";

/// `tags` as a set: lower case, sorted, each once.
std::vector<std::string> tag_set(const Json& tags);

/// True when our tag is one of `tags`.
bool has_owner_tag(const Json& tags);

/// `tags` as a set, ours in it.
std::vector<std::string> with_owner_tag(const Json& tags);

}  // namespace aegis::proxmox
