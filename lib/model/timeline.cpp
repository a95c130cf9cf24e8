#include "model/timeline.h"

#include <algorithm>

namespace aegis {

std::optional<std::chrono::seconds> Timeline::age_of(const Recovered& guest) const {
  if (guest.from_time == 0) return std::nullopt;
  return std::chrono::seconds(std::max<std::int64_t>(0, begin - guest.from_time));
}

std::optional<bool> Timeline::meets_rto(const Recovered& guest) const {
  if (!guest.rto) return std::nullopt;
  return guest.problem.empty() && guest.took <= *guest.rto;
}

std::optional<bool> Timeline::meets_rpo(const Recovered& guest) const {
  if (!guest.rpo) return std::nullopt;
  const auto age = age_of(guest);
  return guest.problem.empty() && age && *age <= *guest.rpo;
}

bool Timeline::misses_objective() const {
  return std::any_of(guests.begin(), guests.end(), [&](const Recovered& guest) {
    return !guest.problem.empty() || !meets_rto(guest).value_or(true) ||
           !meets_rpo(guest).value_or(true);
  });
}

}  // namespace aegis
