#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/schema.h"

namespace aegis::simulator {

/// A kind of object of the notification system, with what the API takes for it.
struct NotificationKind {
  std::string_view type;                   ///< "sendmail", "smtp", "gotify", "webhook", "matcher"
  std::vector<Field> create;               ///< parameters of POST
  std::vector<Field> update;               ///< of PUT
  std::vector<std::string_view> secrets;   ///< properties that are never shown
  std::vector<std::string_view> optional;  ///< properties that `delete` may name
};

/// The kinds that the simulated host knows.
std::span<const NotificationKind> notification_kinds();

/// The kind of that type; there must be one.
const NotificationKind& notification_kind(std::string_view type);

}  // namespace aegis::simulator
