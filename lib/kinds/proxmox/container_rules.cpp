#include "kinds/proxmox/container_rules.h"

#include <array>

#include "kinds/proxmox/rules.h"

namespace aegis::proxmox {
namespace {

constexpr std::string_view k_at_start = "read by the guest when it starts";
constexpr std::string_view k_made = "used only when the container is made";
constexpr std::string_view k_root = "Proxmox lets only root@pam set it";
constexpr std::string_view k_advised = "restart advised: in force at the container's next start";
constexpr std::string_view k_grows = "grows while the container runs";

constexpr std::array k_rules{
    fixed("vmid", "the container's identity"),
    reboot("node", "a container is restarted to move it"),
    reboot("state"),
    reboot("restart_required", "what was changed before waits for a restart"),
    fixed("unprivileged", "Proxmox never changes it: the files' owners differ"),
    only_when_made("template", k_made),
    only_when_made("clone", k_made),
    only_when_made("password", k_made),
    only_when_made("ssh_public_keys", k_made),
    hot("hostname", k_advised),
    hot("cores"),
    hot("cpulimit"),
    hot("cpuunits"),
    hot("memory"),
    hot("swap"),
    hot("onboot"),
    hot("startup"),
    hot("protection"),
    hot("description"),
    as_set(hot("tags")),
    reboot("nameserver", k_at_start),
    reboot("searchdomain", k_at_start),
    reboot("timezone", k_at_start),
    by_root(reboot("features", k_root)),
    reboot("features.nesting"),
    by_root(as_set(reboot("features.mount", k_root))),
    reboot("rootfs"),
    fixed("rootfs.storage", "the data is there; `pct move-volume` moves it by hand"),
    hot("rootfs.size", k_grows),
    as_set(reboot("rootfs.mountoptions")),
    reboot("mount_points"),
    hot("mount_points.*.size", k_grows),
    as_set(reboot("mount_points.*.mountoptions")),
    by_root(reboot("devices", k_root)),
    by_root(hot("hookscript", k_root)),
    by_root(reboot("lxc", "written by root's shell while the container is down")),
    reboot("console"),
    reboot("cmode"),
    reboot("tty"),
    replug("network", "the interface is plugged in anew"),
    replug("network.*.ip"),
    replug("network.*.gw"),
    replug("network.*.ip6"),
    replug("network.*.gw6"),
    hot("network.*.rate"),
    hot("network.*.mtu", k_advised),
    as_set(hot("network.*.trunks", k_advised)),
};

}  // namespace

std::span<const AttributeRule> container_rules() {
  return k_rules;
}

}  // namespace aegis::proxmox
