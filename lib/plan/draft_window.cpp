#include <fmt/format.h>

#include <algorithm>

#include "plan/draft.h"
#include "plan/guards.h"

namespace aegis {

void Drafter::inherit_window(std::size_t position) {
  Fate& fate = fates_[position];
  for (const std::size_t need : order_.needs[position]) {
    const Fate& other = fates_[need];
    if (!other.window || (fate.window && is_closed(*fate.window))) continue;
    fate.window = other.window;
    fate.waiter = other.waiter == nullptr ? order_.resources[need] : other.waiter;
  }
}

void Drafter::wait_for_window(Draft& draft) {
  Change& change = draft.change;
  if (change.action == Action::update && change.attributes.empty()) return;
  change.window = window_of(change, desired_.scopes.find(draft.scope)->second, options_);
  Fate* fate = draft.position ? &fates_[*draft.position] : nullptr;
  const bool waits_itself = change.window && is_closed(*change.window);
  if (fate != nullptr && fate->window && !waits_itself) {
    change.window = fate->window;
  } else if (fate != nullptr && change.window) {
    fate->window = change.window;
    fate->waiter = nullptr;
  }
  if (!change.window || !is_closed(*change.window)) return;
  const Resource* waiter = fate == nullptr ? nullptr : fate->waiter;
  change.blocked = waiter == nullptr
                       ? fmt::format("It waits for the window {}. To make it at once: --now.",
                                     to_string(*change.window))
                       : fmt::format("It needs {}, which waits for the window {}.",
                                     to_string(waiter->address),
                                     change.window->name);
}

bool Drafter::is_closed(const Window& window) const {
  const auto& closed = options_.closed;
  return std::find(closed.begin(), closed.end(), window) != closed.end();
}

}  // namespace aegis
