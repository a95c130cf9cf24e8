#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/units.h"
#include "kinds/proxmox/guest_notes.h"
#include "kinds/proxmox/live_view.h"
#include "kinds/proxmox/machine_config.h"
#include "kinds/proxmox/machine_rules.h"
#include "kinds/proxmox/machine_steps.h"
#include "kinds/proxmox/migration/migration_view.h"
#include "kinds/proxmox/property_string.h"

namespace aegis::proxmox {
namespace {

bool plugs_anew(std::string_view member) {
  constexpr std::array<std::string_view, 4> k_members{"model", "macaddr", "mtu", "queues"};
  return std::find(k_members.begin(), k_members.end(), member) != k_members.end();
}

bool is_address(std::string_view member) {
  return member == "ip" || member == "gw" || member == "ip6" || member == "gw6";
}

// One difference, seen with everything around it.
class Refinement {
 public:
  Refinement(AttributeChange& attribute,
             const Json& wanted,
             const Observation& live,
             std::string& blocked)
      : attribute_(attribute),
        pieces_(split(attribute.path, '.')),
        wanted_(wanted),
        live_(live),
        view_(live),
        blocked_(blocked) {}

  void refine() {
    const bool real_port = text_or(wanted_, head()).starts_with('/') ||
                           text_or(live_.attributes, head()).starts_with('/');
    if (head() == "serial0" && real_port) attribute_.door = Door::root;
    if (is_host_device(member()) && !is_raw(in(live_.attributes)) && !is_raw(in(wanted_))) {
      attribute_.door = Door::api;
      attribute_.note.clear();
    }
    if (!live_.exists || refine_migration(attribute_, live_, blocked_)) return;
    tell_device();
    check_disk();
    check_small_disk();
    check_cloudinit();
    weigh();
  }

 private:
  [[nodiscard]] const std::string& head() const { return pieces_.front(); }
  [[nodiscard]] const std::string& last() const { return pieces_.back(); }
  [[nodiscard]] std::string member() const { return pieces_.size() > 1 ? pieces_[1] : ""; }
  [[nodiscard]] const Json& in(const Json& attributes) const {
    return get(get(attributes, head()), member());
  }
  [[nodiscard]] bool both_set() const {
    return !attribute_.before.is_null() && !attribute_.after.is_null();
  }

  // A device of the host itself. A mapping, or what the viewer passes on, is anybody's.
  [[nodiscard]] static bool is_raw(const Json& device) {
    const std::string host = text_or(device, "host");
    return !host.empty() && host != "spice";
  }

  // What the rules say is about a change of a device that stays.
  void tell_device() {
    const bool is_disk = head() == "disks";
    if ((!is_disk && head() != "network") || is_address(last())) return;
    if (in(live_.attributes).is_null()) attribute_.note = is_disk ? "a new disk" : "a new card";
    if (in(wanted_).is_null()) attribute_.note = "the card is taken away";
  }

  void check_disk() {
    if (head() != "disks" || attribute_.forces_replace) return;
    const Json& live = in(live_.attributes);
    const Json& wanted = in(wanted_);
    if (wanted.is_null()) {
      attribute_.note = "the volume is kept, as an unused disk of the machine";
      if (get(wanted_, "protection") == true && view_.is_protected()) {
        blocked_ = fmt::format(
            "{} cannot go while `protection` is on: Proxmox refuses it. Set `protection: false` "
            "for this change.",
            attribute_.path);
      }
      return;
    }
    if (live.is_null()) return;
    if (live.contains("cdrom") != wanted.contains("cdrom")) {
      blocked_ = fmt::format(
          "disks.{} cannot turn from a disk into a CD-ROM or back. Take it away first, or use "
          "another device.",
          member());
    } else if (last() == "size") {
      check_shrinking();
    } else if (last() == "storage" && both_set()) {
      blocked_ = fmt::format(
          "{} cannot change: a new, empty volume would take the place of the present one. Move it "
          "with `qm disk move {} {} {}`, and plan again.",
          attribute_.path,
          view_.vmid(),
          member(),
          as_text(attribute_.after));
    }
  }

  void check_shrinking() {
    const auto before = parse_size(as_text(attribute_.before));
    const auto after = parse_size(as_text(attribute_.after));
    if (!before || !after || *after >= *before) return;
    attribute_.note.clear();
    blocked_ = fmt::format(
        "{} is {}, and a disk cannot shrink to {}. Set it to at least its present size, or make a "
        "new machine and copy the data.",
        attribute_.path,
        as_text(attribute_.before),
        as_text(attribute_.after));
  }

  // Firmware variables and a TPM's secrets would be lost with another volume.
  void check_small_disk() {
    if (head() != "efidisk0" && head() != "tpmstate0") return;
    if (get(live_.attributes, head()).is_null()) return;
    const bool goes = get(wanted_, head()).is_null();
    blocked_ = fmt::format(
        "{} cannot {}: what the firmware keeps there would be lost. Do it by hand with `qm set "
        "{}`, "
        "and plan again.",
        goes ? head() : attribute_.path,
        goes ? "be taken away" : "change",
        view_.vmid());
  }

  void check_cloudinit() {
    if (head() != "cloudinit" || last() != "drive") return;
    const bool had = !get(get(live_.attributes, head()), "storage").is_null();
    const bool has = !get(get(wanted_, head()), "storage").is_null();
    if (!had || !has || !view_.is_running()) return;
    blocked_ =
        "cloudinit.drive cannot change while the machine runs: the old drive is not unplugged. "
        "Apply `state: stopped` first.";
  }

  // What waits for a restart is no wish any more when the value in force is wanted again.
  [[nodiscard]] bool is_withdrawn() const {
    const std::vector<std::string> keys = keys_of(attribute_.path, wanted_, {});
    return !keys.empty() && std::all_of(keys.begin(), keys.end(), [&](const std::string& key) {
      return view_.is_withdrawn(key, wanted_, machine_system());
    });
  }

  [[nodiscard]] bool plugs(std::string_view feature) const {
    const std::string setting = text_or(live_.context, "hotplug", "1");
    const std::vector<std::string> features =
        split_any(setting == "1" ? "network,disk,usb" : setting, ",");
    return std::find(features.begin(), features.end(), feature) != features.end();
  }

  void weigh() {
    const bool runs = view_.is_running();
    const bool stops = runs && get(wanted_, "state") == "stopped";
    if (head() == "state") {
      if (!runs) attribute_.disruption = Disruption::none;
      if (get(live_.context, "template") == true) {
        blocked_ = "It is a template, and Proxmox starts none. Declare `state: stopped` for it.";
      }
      return;
    }
    // A machine that is stopped anyway takes everything in the same moment.
    if (!runs || stops) {
      attribute_.disruption = Disruption::none;
    } else if (head() == "restart_required") {
      if (!view_.waits_only_for_withdrawn(wanted_, machine_system())) return;
      attribute_.disruption = Disruption::none;
      attribute_.note = "what waited for a restart is withdrawn";
    } else if (is_withdrawn()) {
      attribute_.disruption = Disruption::none;
      attribute_.note = "it was never in force: the request for it is withdrawn";
    } else {
      weigh_hotplug();
    }
  }

  void weigh_hotplug() {
    if (head() == "memory" || head() == "vcpus") {
      set_hot_if(plugs(head() == "memory" ? "memory" : "cpu"), Disruption::none);
    } else if (head() == "network") {
      weigh_card();
    } else if (head() == "disks") {
      weigh_disk();
    } else if (head() == "usb") {
      set_hot_if(plugs("usb"),
                 in(live_.attributes).is_null() ? Disruption::none : Disruption::reload);
    } else if (head() == "balloon") {
      const bool was_off = attribute_.before == "0B";
      set_hot_if(was_off == (attribute_.after == "0B"), Disruption::none);
    } else if (head() == "hotplug") {
      const std::string both = dump_json(attribute_.before) + dump_json(attribute_.after);
      const bool cold =
          both.find("memory") != std::string::npos || both.find("cpu") != std::string::npos;
      set_hot_if(!cold, Disruption::none);
    }
  }

  void set_hot_if(bool hot, Disruption disruption) {
    attribute_.disruption = hot ? disruption : Disruption::reboot_container;
  }

  void weigh_card() {
    if (is_address(last())) return;
    const bool comes = in(live_.attributes).is_null();
    const bool goes = in(wanted_).is_null();
    if (comes || goes || plugs_anew(last())) {
      set_hot_if(plugs("network"), comes ? Disruption::none : Disruption::reload);
    }
  }

  void weigh_disk() {
    const bool comes = in(live_.attributes).is_null();
    const bool goes = in(wanted_).is_null();
    const bool pluggable = is_indexed(member(), "scsi") || is_indexed(member(), "virtio");
    // Where the cloud-init drive is, a disk only comes with a restart.
    const bool taken = comes && view_.has(member());
    if (comes || goes || last() == "volume") {
      set_hot_if(plugs("disk") && pluggable && !taken,
                 comes ? Disruption::none : Disruption::reload);
    }
  }

  AttributeChange& attribute_;
  std::vector<std::string> pieces_;
  const Json& wanted_;
  const Observation& live_;
  LiveView view_;
  std::string& blocked_;
};

}  // namespace

void refine_machine(AttributeChange& attribute,
                    const Json& wanted,
                    const Observation& live,
                    std::string& blocked) {
  Refinement(attribute, wanted, live, blocked).refine();
}

std::string keeps_machine(Action /*ending*/, const Observation& live) {
  return reasons_to_keep(live, machine_system());
}

}  // namespace aegis::proxmox
