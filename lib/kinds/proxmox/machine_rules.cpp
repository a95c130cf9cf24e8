#include "kinds/proxmox/machine_rules.h"

#include <array>

#include "kinds/proxmox/rules.h"

namespace aegis::proxmox {
namespace {

constexpr std::string_view k_made = "used only when the machine is made";
constexpr std::string_view k_grows = "grows while the machine runs";
constexpr std::string_view k_on_drive = "on the cloud-init drive: read at the guest's next start";
constexpr std::string_view k_root_device = "Proxmox lets only root@pam set a device of the host";
constexpr std::string_view k_plugged = "by the machine's `hotplug`";

constexpr std::array k_rules{
    fixed("vmid", "the machine's identity"),
    hot("node", "a machine moves while it runs"),
    reboot("state"),
    reboot("restart_required", "what was changed before waits for a restart"),
    only_when_made("clone", k_made),
    hot("name"),
    reboot("cores"),
    reboot("sockets"),
    reboot("cpu"),
    reboot("numa"),
    reboot("vcpus", k_plugged),
    hot("cpulimit"),
    hot("cpuunits"),
    reboot("memory", k_plugged),
    hot("balloon", "turning ballooning on or off takes a restart"),
    reboot("ostype"),
    reboot("machine"),
    reboot("bios"),
    reboot("scsihw"),
    reboot("vga"),
    reboot("serial0"),
    by_root(reboot("args", "Proxmox lets only root@pam set it")),
    by_root(reboot("usb", k_root_device)),
    by_root(reboot("hostpci", k_root_device)),
    as_set(hot("hotplug")),
    reboot("agent"),
    hot("agent.fstrim_cloned_disks"),
    reboot("efidisk0"),
    reboot("tpmstate0"),
    replug("disks", k_plugged),
    hot("disks.*.size", k_grows),
    only_when_made("disks.*.import_from", k_made),
    hot("disks.*.backup"),
    hot("disks.*.replicate"),
    hot("disks.*.mbps_rd"),
    hot("disks.*.mbps_wr"),
    hot("disks.*.iops_rd"),
    hot("disks.*.iops_wr"),
    hot("disks.*.cdrom", "another medium in the same drive"),
    reboot("disks.*.cache"),
    reboot("disks.*.aio"),
    reboot("disks.*.discard"),
    reboot("disks.*.ssd"),
    reboot("disks.*.iothread"),
    reboot("disks.*.ro"),
    replug("network", "the card is plugged in anew"),
    hot("network.*.bridge", "the link goes down for a moment"),
    hot("network.*.tag", "the link goes down for a moment"),
    hot("network.*.firewall"),
    hot("network.*.rate"),
    hot("network.*.link_down"),
    as_set(hot("network.*.trunks")),
    hot("network.*.ip", k_on_drive),
    hot("network.*.gw", k_on_drive),
    hot("network.*.ip6", k_on_drive),
    hot("network.*.gw6", k_on_drive),
    reboot("cloudinit.storage"),
    reboot("cloudinit.drive"),
    hot("cloudinit.outdated", "the cloud-init drive is written anew"),
    hot("cloudinit.user", k_on_drive),
    hot("cloudinit.ssh_keys", k_on_drive),
    hot("cloudinit.nameserver", k_on_drive),
    hot("cloudinit.searchdomain", k_on_drive),
    hot("cloudinit.type", k_on_drive),
    hot("cloudinit.upgrade", k_on_drive),
    only_when_made("cloudinit.password", k_made),
    reboot("boot"),
    hot("onboot"),
    hot("startup"),
    hot("protection"),
    hot("description"),
    as_set(hot("tags")),
};

}  // namespace

std::span<const AttributeRule> machine_rules() {
  return k_rules;
}

}  // namespace aegis::proxmox
