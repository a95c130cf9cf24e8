#pragma once

#include <string>

namespace aegis {

/// True when systemd takes `text` for the times at which a timer elapses: "daily", "*:0/15",
/// "Mon..Fri 22:30", "Sun *-*-1..7 03:00 Europe/Berlin". Whether there is such a time zone is not
/// looked at.
bool is_calendar_event(const std::string& text);

}  // namespace aegis
