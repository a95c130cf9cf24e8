#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/address.h"

namespace aegis {

/// One part of a rebuild, as it went.
struct Phase {
  std::string name;                    ///< "the servers"
  std::chrono::milliseconds begin{0};  ///< since the whole began
  std::chrono::milliseconds took{0};
};

/// A guest that was brought back, in earnest or as a drill, and what was to be kept of it.
struct Recovered {
  Address guest;
  std::string from = {};                         ///< the backup; empty: there was none
  std::int64_t from_time = 0;                    ///< of the backup, seconds since 1970
  std::chrono::milliseconds took{0};             ///< until it was back
  std::optional<std::chrono::seconds> rto = {};  ///< the strictest objectives that name it
  std::optional<std::chrono::seconds> rpo = {};
  std::string problem = {};  ///< why it is not back; empty: it is
};

/// What a rebuild or a drill came to.
struct Timeline {
  std::int64_t begin = 0;  ///< seconds since 1970
  std::vector<Phase> phases;
  std::vector<Recovered> guests;
  std::chrono::milliseconds took{0};

  /// How old the guest's backup was when it was needed; nothing when there was none.
  [[nodiscard]] std::optional<std::chrono::seconds> age_of(const Recovered& guest) const;

  /// What became of an objective of the guest: true when it was met; nothing when it has none. What
  /// is not back meets none.
  [[nodiscard]] std::optional<bool> meets_rto(const Recovered& guest) const;
  [[nodiscard]] std::optional<bool> meets_rpo(const Recovered& guest) const;

  /// True when a guest is not back, or missed one of its objectives.
  [[nodiscard]] bool misses_objective() const;
};

}  // namespace aegis
