#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/world.h"

namespace aegis::simulator {

/// The members of a prune-backups string.
std::span<const Field> retention_fields();

/// One backup of a guest in the eyes of a prune.
struct PruneMark {
  std::string volume_id;
  int vmid = 0;
  std::int64_t ctime = 0;
  std::string_view mark = "";  ///< "keep", "remove" or "protected"
};

/// The backups of `vmid` (0: of all guests) on `storage` with what a prune by `rules` would do to
/// each, newest last. `rules` is a prune-backups string; without one, and with keep-all, all stay.
std::vector<PruneMark> mark_backups(const World& world,
                                    std::string_view storage,
                                    int vmid,
                                    std::string_view rules);

/// The rules of the storage, for calls that bring none: "keep-all=1" when it has none either.
std::string retention_of(const World& world, std::string_view storage);

/// How many backups of one guest the rules keep at most; 0: no limit.
int backup_limit(std::string_view rules);

}  // namespace aegis::simulator
