#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "base/units.h"
#include "kinds/proxmox/config_text.h"
#include "kinds/proxmox/live_view.h"
#include "kinds/proxmox/machine_config.h"
#include "kinds/proxmox/machine_steps.h"
#include "kinds/proxmox/machine_text.h"
#include "kinds/proxmox/migration/migration_steps.h"
#include "kinds/proxmox/property_string.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

// Disks are allocated within the call, and images are copied.
constexpr std::chrono::minutes k_config_timeout{30};
constexpr std::chrono::minutes k_resize_timeout{10};

std::string growth_title(std::string_view key, std::int64_t vmid, std::int64_t size) {
  return fmt::format("grow {} of virtual machine {} to {}", key, vmid, format_size(size));
}

// A CD-ROM, and a cloud-init drive, may give their device up to a disk.
bool holds_disk(const LiveView& view, const std::string& key) {
  return view.has(key) && view.value(key).find("media=cdrom") == std::string::npos;
}

// Disks that a running machine only gets at its next start: until then they cannot be resized.
std::set<std::string> late_disks(const Lowering& lowering) {
  std::set<std::string> late;
  const LiveView view(lowering.live);
  if (!view.is_running() || get(lowering.wanted, "state") == "stopped") return late;
  for (const AttributeChange& attribute : lowering.change.attributes) {
    const std::vector<std::string> pieces = split(attribute.path, '.');
    if (pieces.front() != "disks" || pieces.size() < 2) continue;
    const std::string& key = pieces[1];
    const bool is_new = !holds_disk(view, key);
    const bool is_waiting = view.waits(key) && part_of_machine(view.current(), key).is_null();
    const bool needs_start = attribute.disruption >= Disruption::reboot_container;
    if (is_waiting || (is_new && needs_start)) late.insert(key);
  }
  return late;
}

// Turns the differences of one machine into calls. Devices get a call each: one that the running
// machine refuses leaves the others alone.
class Update {
 public:
  Update(const Lowering& lowering, StepChain& chain)
      : wanted_(lowering.wanted), view_(lowering.live), chain_(chain) {
    const ConfigMap config = live_config(lowering.live);
    const bool moves = is_moved(lowering);
    for (const AttributeChange& attribute : lowering.change.attributes) {
      if (attribute.forces_replace || attribute.path == "node") continue;
      if (moves && attribute.path.ends_with(".storage")) continue;
      const bool size = attribute.path.starts_with("disks.") && attribute.path.ends_with(".size");
      for (const std::string& key : keys_of(attribute.path, wanted_, config)) {
        if (size) grown_.insert(key);
        if (!size || !has_disk(key)) changed_.insert(key);
        if (attribute.door == Door::root) root_.insert(key);
      }
    }
    for (const std::string& key : view_.waiting()) {
      if (view_.is_withdrawn(key, wanted_, machine_system())) withdrawn_.insert(key);
    }
    late_ = late_disks(lowering);
    drive_ = cloudinit_key(config);
  }

  void add_steps() {
    add_plain();
    add_devices([](const std::string& key) { return is_indexed(key, "net"); });
    add_resizes(true);
    add_devices([](const std::string& key) { return is_disk(key); });
    add_resizes(false);
    add_devices(is_host_device);
    // The boot order may only name what is there, and protection keeps disks from going.
    ConfigCall last;
    if (adds_cdrom()) changed_.insert("boot");
    take("boot", last);
    if (protects()) take("protection", last);
    add(last);
  }

 private:
  static ConfigMap live_config(const Observation& live) {
    ConfigMap config;
    for (const auto& [key, value] : get(live.context, "config").items()) {
      config[key] = as_text(value);
    }
    return config;
  }

  [[nodiscard]] bool has_disk(const std::string& key) const { return holds_disk(view_, key); }

  // Proxmox puts a new CD-ROM drive into the boot order by itself.
  [[nodiscard]] bool adds_cdrom() const {
    return std::any_of(changed_.begin(), changed_.end(), [&](const std::string& key) {
      if (!is_disk_key(key) || view_.has(key)) return false;
      const std::string text = machine_text(key, wanted_, "").value_or("");
      return text.ends_with(":cloudinit") || text.find("media=cdrom") != std::string::npos;
    });
  }

  static bool is_disk(std::string_view key) {
    return is_disk_key(key) || key == "efidisk0" || key == "tpmstate0";
  }

  [[nodiscard]] bool protects() const { return get(wanted_, "protection") == true; }

  // Puts what `key` shall be into the call.
  void take(const std::string& key, ConfigCall& call) const {
    if (!changed_.contains(key) || withdrawn_.contains(key)) return;
    const auto text = machine_text(key, wanted_, view_.value(key));
    if (text) {
      call.set[key] = *text;
    } else if (view_.has(key)) {
      call.remove.insert(key);
    }
  }

  // Proxmox holds new memory against the present balloon, even if that goes in the same call.
  void add_balloon_removal() {
    const bool both = changed_.contains("memory") && changed_.contains("balloon");
    if (!both || !get(wanted_, "balloon").is_null()) return;
    ConfigCall call;
    take("balloon", call);
    add(call);
    changed_.erase("balloon");
  }

  void add_plain() {
    add_balloon_removal();
    ConfigCall open;
    open.revert = withdrawn_;
    // A clone that an earlier run left behind has the original's password.
    const Json& password = get(get(wanted_, "cloudinit"), "password");
    const bool unfinished = view_.value("description").starts_with(k_unfinished_clone);
    if (unfinished && !password.is_null()) open.set["cipassword"] = password;
    if (unfinished && password.is_null() && view_.has("cipassword")) {
      open.remove.insert("cipassword");
    }
    ConfigCall by_root;
    by_root.as_root = true;
    for (const std::string& key : changed_) {
      const bool later = key == "boot" || (key == "protection" && protects());
      if (later || is_indexed(key, "net") || is_disk(key) || is_host_device(key)) continue;
      take(key, root_.contains(key) ? by_root : open);
    }
    add(open);
    add(by_root);
  }

  // What goes is taken away first: it may hold what another one gets. So does what stands where the
  // cloud-init drive was, of which there is one only.
  template <class Predicate>
  void add_devices(Predicate is_wanted) {
    std::vector<std::string> keys(changed_.begin(), changed_.end());
    std::stable_partition(
        keys.begin(), keys.end(), [&](const std::string& key) { return key == drive_; });
    for (const bool goes : {true, false}) {
      for (const std::string& key : keys) {
        if (!is_wanted(key)) continue;
        ConfigCall call;
        call.as_root = root_.contains(key);
        take(key, call);
        if (call.set.empty() == goes) add(call);
      }
    }
  }

  // A disk that is copied from an image has that one's size until it is told another one.
  void add_resizes(bool present) {
    for (const std::string& key : grown_) {
      const Json& disk = get(get(wanted_, "disks"), key);
      const auto size = parse_size(as_text(get(disk, "size")));
      if (!size || has_disk(key) != present || late_.contains(key)) continue;
      if (!present && get(disk, "import_from").is_null()) continue;
      Json input{{"disk", key}, {"size", *size}};
      chain_.add_guarded("resize", growth_title(key, view_.vmid(), *size), std::move(input))
          .timeout = k_resize_timeout;
    }
  }

  void add(const ConfigCall& call) { chain_.add_config(call, k_config_timeout); }

  const Json& wanted_;
  LiveView view_;
  StepChain& chain_;
  std::set<std::string> changed_;
  std::set<std::string> grown_;
  std::set<std::string> root_;  ///< keys that only root may set
  std::set<std::string> withdrawn_;
  std::set<std::string> late_;
  std::string drive_;  ///< the device that the cloud-init drive is
};

}  // namespace

void add_machine_update(const Lowering& lowering, StepChain& chain) {
  Update(lowering, chain).add_steps();
}

void add_late_growth(const Lowering& lowering, StepChain& chain) {
  const std::int64_t vmid = LiveView(lowering.live).vmid();
  for (const std::string& key : late_disks(lowering)) {
    const Json& disk = get(get(lowering.wanted, "disks"), key);
    const auto size = parse_size(as_text(get(disk, "size")));
    const bool present = holds_disk(LiveView(lowering.live), key);
    if (!size || (!present && get(disk, "import_from").is_null())) continue;
    chain.add("resize", growth_title(key, vmid, *size), {{"disk", key}, {"size", *size}}).timeout =
        k_resize_timeout;
  }
}

}  // namespace aegis::proxmox
