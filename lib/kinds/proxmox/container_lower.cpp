#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "base/units.h"
#include "kinds/proxmox/config_text.h"
#include "kinds/proxmox/container_clone.h"
#include "kinds/proxmox/container_steps.h"
#include "kinds/proxmox/live_view.h"
#include "kinds/proxmox/migration/migration_steps.h"
#include "kinds/proxmox/property_string.h"
#include "kinds/proxmox/raw_lines.h"

namespace aegis::proxmox {
namespace {

constexpr std::chrono::minutes k_config_timeout{5};
constexpr std::chrono::minutes k_resize_timeout{10};
constexpr std::chrono::minutes k_create_timeout{10};
constexpr std::int64_t k_gibibyte = std::int64_t{1} << 30;

// Turns the differences of one container into calls. Keys that may fail while it runs (devices) get
// a call each: a failed one leaves the others alone.
class Update {
 public:
  Update(const Lowering& lowering, StepChain& chain)
      : wanted_(lowering.wanted), change_(lowering.change), view_(lowering.live), chain_(chain) {
    moves_ = is_moved(lowering);
    for (const AttributeChange& attribute : change_.attributes) sort_in(attribute);
    withdraw_rest();
  }

  void add_steps() {
    add_plain();
    add_nets();
    add_resizes();
    add_disks();
    add_devices();
    // Protection keeps disks from being changed, so it is put on at the end.
    ConfigCall last;
    if (protects_) last.set["protection"] = "1";
    add(last);
  }

 private:
  void sort_in(const AttributeChange& attribute) {
    const std::vector<std::string> pieces = split(attribute.path, '.');
    const std::string& head = pieces.front();
    const bool is_root = attribute.door == Door::root;
    if (head == "state" || head == "restart_required" || attribute.forces_replace) return;
    if (head == k_raw_lines) return;
    if (head == "node" || (moves_ && pieces.back() == "storage")) return;
    if (head == "network" && pieces.size() > 1) {
      nets_.insert(net_name(attribute.path));
    } else if (head == "mount_points" && pieces.size() > 1) {
      disks_.insert(pieces[1]);
      if (is_root) root_.insert(pieces[1]);
      if (pieces.back() != "size") options_.insert(pieces[1]);
    } else if (head == "devices" && pieces.size() > 1) {
      devices_.insert(pieces[1]);
    } else if (head == "rootfs") {
      disks_.insert(head);
      if (pieces.back() != "size") options_.insert(head);
    } else {
      plain_.insert(head);
      if (is_root) root_.insert(head);
    }
  }

  // An interface's name may hold dots ("eth0.5"): the longest known one that fits.
  [[nodiscard]] std::string net_name(std::string_view path) const {
    path.remove_prefix(std::string_view("network.").size());
    std::string best(path.substr(0, path.find('.')));
    const auto consider = [&](const std::string& name) {
      const bool fits = path == name || path.starts_with(name + ".");
      if (fits && name.size() > best.size()) best = name;
    };
    for (const auto& [name, net] : get(wanted_, "network").items()) consider(name);
    for (const auto& [name, key] : view_.nets().items()) consider(name);
    return best;
  }

  // A value that waits and is not wanted needs no difference to be taken back: nothing shows when
  // only its text differs.
  void withdraw_rest() {
    for (const std::string& key : view_.waiting()) {
      if (view_.is_withdrawn(key, wanted_, container_system())) withdrawn_.insert(key);
    }
  }

  void add_plain() {
    ConfigCall open;
    ConfigCall by_root;
    by_root.as_root = true;
    for (const std::string& key : withdrawn_) {
      // Devices are root's alone, also to take back what only waits.
      (is_indexed(key, "dev") ? by_root : open).revert.insert(key);
    }
    for (const std::string& key : plain_) {
      if (withdrawn_.contains(key)) continue;
      ConfigCall& call = root_.contains(key) ? by_root : open;
      const auto text = plain_text(key, wanted_, view_.value(key));
      if (key == "protection" && text) {
        protects_ = true;
      } else if (text) {
        call.set[key] = *text;
      } else if (view_.has(key)) {
        call.remove.insert(key);
      }
    }
    add(open);
    add(by_root);
  }

  // What goes is taken away first: it may hold the address that another one gets.
  void add_nets() {
    for (const std::string& name : nets_) {
      const std::string key = view_.net_key(name);
      if (key.empty() || get(wanted_, "network").contains(name)) continue;
      ConfigCall call;
      call.remove.insert(key);
      add(call);
    }
    std::set<std::string> taken;
    for (const std::string& name : nets_) {
      if (!get(wanted_, "network").contains(name)) continue;
      std::string key = view_.net_key(name);
      if (key.empty()) key = free_net_key(taken);
      if (withdrawn_.contains(key)) continue;
      ConfigCall call;
      call.set[key] = net_text(name, get(get(wanted_, "network"), name), view_.value(key));
      add(call);
    }
  }

  [[nodiscard]] std::string free_net_key(std::set<std::string>& taken) const {
    for (int number = 0;; ++number) {
      std::string key = fmt::format("net{}", number);
      if (!view_.has(key) && taken.insert(key).second) return key;
    }
  }

  [[nodiscard]] const Json& wanted_disk(const std::string& key) const {
    return key == "rootfs" ? get(wanted_, key) : get(get(wanted_, "mount_points"), key);
  }

  // A present volume that is to be bigger. Proxmox writes the new size into the text itself.
  [[nodiscard]] std::optional<std::int64_t> growth_of(const std::string& key) const {
    const auto size = parse_size(as_text(get(wanted_disk(key), "size")));
    const auto present = size_of(view_.value(key));
    if (!size || !present || *size <= *present) return std::nullopt;
    const std::string storage = text_or(wanted_disk(key), "storage");
    return volume_of(view_.value(key)).starts_with(storage + ":") ? size : std::nullopt;
  }

  void add_resizes() {
    for (const std::string& key : disks_) {
      const auto size = growth_of(key);
      if (!size) continue;
      chain_
          .add_guarded(
              "resize",
              fmt::format("grow {} of container {} to {}", key, view_.vmid(), format_size(*size)),
              {{"disk", key}, {"size", *size}})
          .timeout = k_resize_timeout;
    }
  }

  void add_disks() {
    for (const std::string& key : disks_) {
      // The text that waits for a restart holds the old size: it must follow.
      const bool follows = growth_of(key) && view_.waits(key);
      if ((!options_.contains(key) && !follows) || withdrawn_.contains(key)) continue;
      ConfigCall call;
      call.as_root = root_.contains(key);
      if (wanted_disk(key).is_null()) {
        call.remove.insert(key);
      } else {
        call.set[key] = disk_text(wanted_disk(key), view_.value(key));
      }
      add(call);
    }
  }

  // A call each: Proxmox refuses a device that the host does not have.
  void add_devices() {
    for (const std::string& key : devices_) {
      if (withdrawn_.contains(key)) continue;
      const Json& device = get(get(wanted_, "devices"), key);
      ConfigCall call;
      call.as_root = true;
      if (device.is_null()) {
        call.remove.insert(key);
      } else {
        call.set[key] = device_text(device, view_.value(key));
      }
      add(call);
    }
  }

  void add(const ConfigCall& call) {
    const bool plugs = std::any_of(nets_.begin(), nets_.end(), [&](const std::string& name) {
      const std::string key = view_.net_key(name);
      return call.set.contains(key) || call.remove.contains(key);
    });
    Step* step = chain_.add_config(call, k_config_timeout);
    if (step != nullptr && plugs && view_.is_running()) step->disruption = Disruption::reload;
  }

  const Json& wanted_;
  const Change& change_;
  LiveView view_;
  StepChain& chain_;
  std::set<std::string> plain_;
  std::set<std::string> nets_;
  std::set<std::string> disks_;
  std::set<std::string> devices_;
  std::set<std::string> options_;  ///< disks of which more than the size changes
  std::set<std::string> root_;     ///< keys that only root may set
  std::set<std::string> withdrawn_;
  bool protects_ = false;
  bool moves_ = false;  ///< by migration, which puts the disks where they are wanted
};

void add_new_devices(const Json& wanted, Json& form) {
  form["rootfs"] = disk_text(get(wanted, "rootfs"), "");
  if (get(wanted, "rootfs").is_null()) form.erase("rootfs");
  for (const auto& [key, disk] : get(wanted, "mount_points").items()) {
    form[key] = disk_text(disk, "");
  }
  for (const auto& [key, device] : get(wanted, "devices").items()) {
    form[key] = device_text(device, "");
  }
  int number = 0;
  for (const auto& [name, net] : get(wanted, "network").items()) {
    form[fmt::format("net{}", number++)] = net_text(name, net, "");
  }
}

std::int64_t bytes_of(const Json& wanted) {
  std::int64_t bytes = parse_size(as_text(get(get(wanted, "rootfs"), "size"))).value_or(0);
  for (const auto& [key, disk] : get(wanted, "mount_points").items()) {
    bytes += parse_size(as_text(get(disk, "size"))).value_or(0);
  }
  return bytes;
}

}  // namespace

void add_update_steps(const Lowering& lowering, StepChain& chain) {
  Update(lowering, chain).add_steps();
}

void add_create_step(const Lowering& lowering, StepChain& chain) {
  const Json& wanted = lowering.wanted;
  if (is_clone(wanted)) return add_container_clone(lowering, chain);
  const std::int64_t vmid = as_integer(get(wanted, "vmid")).value_or(0);
  Json form{{"ostemplate", get(wanted, "template")},
            {"unprivileged", get(wanted, "unprivileged") == true ? "1" : "0"}};
  for (const std::string_view key : {"hostname",
                                     "cores",
                                     "cpulimit",
                                     "cpuunits",
                                     "memory",
                                     "swap",
                                     "features",
                                     "nameserver",
                                     "searchdomain",
                                     "timezone",
                                     "hookscript",
                                     "console",
                                     "cmode",
                                     "tty",
                                     "onboot",
                                     "startup",
                                     "tags",
                                     "description",
                                     "protection"}) {
    if (const auto text = plain_text(key, wanted, "")) form[std::string(key)] = *text;
  }
  add_new_devices(wanted, form);
  for (const auto& [attribute, key] :
       {std::pair{"password", "password"}, std::pair{"ssh_public_keys", "ssh-public-keys"}}) {
    if (!get(wanted, attribute).is_null()) form[key] = get(wanted, attribute);
  }
  Step& step = chain.add(
      "create",
      fmt::format("create container {} from {}", vmid, text_or(wanted, "template", "no template")),
      {{"form", std::move(form)}, {"as_root", sets_as_root(lowering.change)}});
  step.timeout = k_create_timeout + std::chrono::seconds(bytes_of(wanted) / k_gibibyte);
}

}  // namespace aegis::proxmox
