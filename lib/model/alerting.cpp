#include "model/alerting.h"

#include <fmt/format.h>

#include <algorithm>

namespace aegis {

double TestDelivery::sent() const {
  return after.attempts - before.attempts - failed();
}

bool TestDelivery::is_complete() const {
  return sent() >= static_cast<double>(channels.size());
}

bool AlertTest::arrived() const {
  return held.empty() && undeclared.empty() && missing.empty() && !deliveries.empty() &&
         std::all_of(deliveries.begin(), deliveries.end(), [](const TestDelivery& delivery) {
           return delivery.is_complete();
         });
}

std::string to_string(const AlertMatcher& matcher) {
  const char* equal = matcher.is_regex ? "=~" : "=";
  const char* unequal = matcher.is_regex ? "!~" : "!=";
  return fmt::format(
      "{}{}\"{}\"", matcher.label, matcher.is_equal ? equal : unequal, matcher.value);
}

}  // namespace aegis
