#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/address.h"

namespace aegis {

/// Something that a guest can be brought back from.
struct Copy {
  std::string name;       ///< a backup's volume, or a snapshot's name
  std::int64_t time = 0;  ///< seconds since 1970
  std::int64_t size = 0;  ///< bytes; 0 of a snapshot
  bool is_protected = false;
  std::string flaw =
      {};  ///< why nothing can be restored from it; empty: nothing is known against it
};

/// A job that backs a guest up by its schedule.
struct CoveringJob {
  std::string name;
  std::string storage;
  std::string schedule;
};

/// A part of a guest that is in none of its backups.
struct Gap {
  std::string part;  ///< "mp0 (/srv)"
  std::string why;
  bool goes_with_guest = true;  ///< false for a bind mount, whose data is the host's
};

/// How one guest is backed up.
struct GuestCoverage {
  Address guest;
  std::string server;
  std::int64_t vmid = 0;
  bool exists = false;
  std::vector<CoveringJob> jobs;  ///< enabled ones, sorted by name
  std::vector<Copy> backups;      ///< newest first
  std::vector<Copy> snapshots;    ///< newest first; they are lost with the guest
  std::vector<Gap> gaps;
  std::vector<Error> unread;                ///< why there may be more backups than these
  std::optional<std::chrono::seconds> rpo;  ///< the strictest objective that names it
};

/// Of all declared guests.
struct CoverageReport {
  std::vector<GuestCoverage> guests;  ///< sorted by address
  std::vector<Error> failures;        ///< servers that could not be read
};

/// The newest backup of a guest, looked into.
struct Verification {
  Address guest;
  std::optional<Copy> copy;      ///< nothing when there is none
  std::optional<Error> problem;  ///< why it cannot be counted on; nothing: as far as seen it can
};

/// What became of a guest's recovery point objective. `unknown`: what could be read does not meet
/// it, and not everything could be read.
enum class Objective { none, met, missed, unknown };
std::string_view to_string(Objective objective);

/// The newest of `copies` (newest first) that has no flaw, or null.
const Copy* newest_usable(const std::vector<Copy>& copies);

/// The objective of one guest at `now` (seconds since 1970). Snapshots do not count, and a guest
/// that is not there has nothing to lose.
Objective judge(const GuestCoverage& coverage, std::int64_t now);

}  // namespace aegis
