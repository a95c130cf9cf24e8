#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "base/units.h"
#include "kinds/proxmox/container_rules.h"
#include "kinds/proxmox/guest_notes.h"
#include "kinds/proxmox/live_view.h"
#include "kinds/proxmox/migration/migration_view.h"

namespace aegis::proxmox {
namespace {

constexpr int k_hot_unplug_nets = 10;

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
    choose_door();
    if (!live_.exists || refine_migration(attribute_, live_, blocked_)) return;
    check_disk();
    check_protection();
    weigh();
  }

 private:
  [[nodiscard]] const std::string& head() const { return pieces_.front(); }
  [[nodiscard]] bool is_disk() const { return head() == "rootfs" || head() == "mount_points"; }
  [[nodiscard]] bool is_size() const { return is_disk() && pieces_.back() == "size"; }

  // The disk that the path is about, in `attributes`; null when it is not there.
  [[nodiscard]] const Json& disk_in(const Json& attributes) const {
    const Json& disks = get(attributes, head());
    if (head() == "rootfs") return disks;
    return get(disks, pieces_.size() > 1 ? pieces_[1] : "");
  }

  void choose_door() {
    if (head() == "features") {
      // A privileged container's features are root's in whole; else nesting alone is free.
      const bool privileged = get(wanted_, "unprivileged") == false;
      if (privileged) attribute_.door = Door::root;
    } else if (head() == "mount_points") {
      // A bind mount is root's to set, even to send again; taking it away is free.
      const bool bind = text_or(disk_in(wanted_), "volume").starts_with('/');
      if (!bind) return;
      attribute_.door = Door::root;
      attribute_.note =
          "a directory of the host: only root@pam may mount it; there are no snapshots with it";
    }
  }

  void block(const std::string& why) { blocked_ = why; }

  void check_disk() {
    if (!is_disk()) return;
    const Json& live = disk_in(live_.attributes);
    const Json& wanted = disk_in(wanted_);
    if (is_size() && !live.is_null() && !wanted.is_null()) check_shrinking();
    if (head() != "mount_points") return;
    const bool moves =
        pieces_.back() == "storage" && !attribute_.before.is_null() && !attribute_.after.is_null();
    if (moves) {
      block(
          fmt::format("{} cannot change: a new, empty volume would take the place of the present "
                      "one. Stop the container, move the volume with `pct move-volume {} {} {}`, "
                      "and plan again.",
                      attribute_.path,
                      view_.vmid(),
                      pieces_[1],
                      as_text(attribute_.after)));
    }
    if (wanted.is_null()) {
      const bool bind = text_or(live, "volume").starts_with('/');
      attribute_.note = bind ? "only the mount goes; the host's directory stays"
                             : "the volume is kept, as an unused disk of the container";
    } else if (live.is_null()) {
      attribute_.disruption = Disruption::none;
    } else if (pieces_.back() == "volume") {
      attribute_.note = "another volume is mounted; the present one is kept as an unused disk";
    }
  }

  void check_shrinking() {
    const auto before = parse_size(as_text(attribute_.before));
    const auto after = parse_size(as_text(attribute_.after));
    if (!before || !after || *after >= *before) return;
    block(
        fmt::format("{} is {}, and a disk cannot shrink to {}. Set it to at least its present "
                    "size, or make a new container and copy the data.",
                    attribute_.path,
                    as_text(attribute_.before),
                    as_text(attribute_.after)));
  }

  void check_protection() {
    if (!is_disk() || is_size() || attribute_.forces_replace) return;
    const bool stays = get(wanted_, "protection") == true && view_.is_protected();
    if (!stays) return;
    block(
        fmt::format("{} cannot change while `protection` is on: Proxmox refuses it. Set "
                    "`protection: false` for this change.",
                    attribute_.path));
  }

  // What waits for a restart is no wish any more when the value in force is wanted again.
  [[nodiscard]] bool is_withdrawn() const {
    const Json* wanted = &wanted_;
    const Json* current = &view_.current();
    if (current->is_null()) return false;
    for (const std::string& piece : pieces_) {
      wanted = &get(*wanted, piece);
      current = &get(*current, piece);
    }
    return *wanted == *current;
  }

  [[nodiscard]] bool needs_no_restart() const {
    return view_.waits_only_for_withdrawn(wanted_, container_system());
  }

  void weigh() {
    const bool runs = view_.is_running();
    const bool stops = runs && get(wanted_, "state") == "stopped";
    if (head() == "state") {
      if (!runs) attribute_.disruption = Disruption::none;
      return;
    }
    // A container that is stopped anyway takes everything in the same moment.
    if (!runs || stops) {
      attribute_.disruption = Disruption::none;
      return;
    }
    if (head() == "restart_required") {
      if (!needs_no_restart()) return;
      attribute_.disruption = Disruption::none;
      attribute_.note = "what waited for a restart is withdrawn";
    } else if (attribute_.disruption == Disruption::reboot_container && is_withdrawn()) {
      attribute_.disruption = Disruption::none;
      attribute_.note = "it was never in force: the request for it is withdrawn";
    } else if (head() == "network") {
      weigh_network();
    } else if (head() == "memory") {
      warn_of_less_memory();
    }
  }

  void weigh_network() {
    const std::string& name = pieces_.size() > 1 ? pieces_[1] : head();
    const bool goes = get(get(wanted_, "network"), name).is_null();
    const auto number = view_.net_number(name);
    if (!goes || !number || *number < k_hot_unplug_nets) return;
    attribute_.disruption = Disruption::reboot_container;
    attribute_.note = "Proxmox unplugs only the first ten interfaces while the container runs";
  }

  void warn_of_less_memory() {
    const auto before = parse_size(as_text(attribute_.before));
    const auto after = parse_size(as_text(attribute_.after));
    if (!before || !after || *after >= *before) return;
    attribute_.note = "less than before: processes in the guest are ended if they use more";
  }

  AttributeChange& attribute_;
  std::vector<std::string> pieces_;
  const Json& wanted_;
  const Observation& live_;
  LiveView view_;
  std::string& blocked_;
};

}  // namespace

void refine_container(AttributeChange& attribute,
                      const Json& wanted,
                      const Observation& live,
                      std::string& blocked) {
  Refinement(attribute, wanted, live, blocked).refine();
}

std::string keeps_container(Action /*ending*/, const Observation& live) {
  return reasons_to_keep(live, container_system());
}

}  // namespace aegis::proxmox
