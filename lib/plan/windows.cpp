#include "plan/windows.h"

#include <algorithm>

namespace aegis {

std::vector<Window> closed_windows(const Plan& plan, std::chrono::sys_seconds now) {
  std::vector<Window> closed;
  for (const Change& change : plan.changes) {
    if (!change.window) continue;
    const bool is_known = std::find(closed.begin(), closed.end(), *change.window) != closed.end();
    if (!is_known && !state_of(*change.window, now).open_until) closed.push_back(*change.window);
  }
  return closed;
}

}  // namespace aegis
