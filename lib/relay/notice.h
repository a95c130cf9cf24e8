#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace aegis::relay {

/// What people are told, before any service's way of saying it.
struct Notice {
  std::string state;     ///< "firing" or "resolved"
  std::string severity;  ///< "critical", "warning" or "info"
  std::string title;     ///< one line
  std::string text;      ///< lines; may be empty

  bool operator==(const Notice&) const = default;
};

/// What Alertmanager posts to a webhook (version 4): a group of alerts, each a line of the text.
/// `rejected` when it is something else.
Result<Notice> read_alertmanager_notice(const Json& body);

/// What a Proxmox webhook of ours posts: {"title", "message", "severity", "fields"}. Its "error" is
/// critical, "warning" and "unknown" are warnings, the rest is info. `rejected` when it is
/// something else.
Result<Notice> read_proxmox_notice(const Json& body);

/// "FIRING: DiskFilling", "RESOLVED: DiskFilling".
std::string headline(const Notice& notice);

/// `text`, or its beginning and "…", so that it has at most `most` UTF-16 units, which is how the
/// services count.
std::string cut_text(std::string_view text, std::size_t most);

Json to_json(const Notice& notice);
Notice notice_from(const Json& value);

}  // namespace aegis::relay
