#include "kinds/proxmox/container_rules.h"

#include <array>

namespace aegis::proxmox {
namespace {

constexpr AttributeRule changes(std::string_view path,
                                Disruption disruption,
                                std::string_view note = {}) {
  AttributeRule rule{};
  rule.path = path;
  rule.disruption = disruption;
  rule.note = note;
  return rule;
}

constexpr AttributeRule hot(std::string_view path, std::string_view note = {}) {
  return changes(path, Disruption::none, note);
}

constexpr AttributeRule replug(std::string_view path, std::string_view note = {}) {
  return changes(path, Disruption::reload, note);
}

constexpr AttributeRule reboot(std::string_view path, std::string_view note = {}) {
  return changes(path, Disruption::reboot_container, note);
}

constexpr AttributeRule fixed(std::string_view path, std::string_view note) {
  AttributeRule rule = hot(path, note);
  rule.immutable = true;
  return rule;
}

constexpr AttributeRule only_when_made(std::string_view path) {
  AttributeRule rule = hot(path, "used only when the container is made");
  rule.write_only = true;
  return rule;
}

constexpr AttributeRule as_set(AttributeRule rule) {
  rule.compare = Compare::as_set;
  return rule;
}

constexpr AttributeRule by_root(AttributeRule rule) {
  rule.door = Door::root;
  return rule;
}

constexpr std::string_view k_at_start = "read by the guest when it starts";
constexpr std::string_view k_root = "Proxmox lets only root@pam set it";
constexpr std::string_view k_advised = "restart advised: in force at the container's next start";
constexpr std::string_view k_grows = "grows while the container runs";

constexpr std::array k_rules{
    fixed("vmid", "the container's identity"),
    reboot("state"),
    reboot("restart_required", "what was changed before waits for a restart"),
    fixed("unprivileged", "Proxmox never changes it: the files' owners differ"),
    only_when_made("template"),
    only_when_made("password"),
    only_when_made("ssh_public_keys"),
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
