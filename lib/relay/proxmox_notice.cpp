#include "base/text.h"
#include "relay/notice.h"

namespace aegis::relay {
namespace {

std::string severity_of(const std::string& word) {
  if (word == "error") return "critical";
  return word == "warning" || word == "unknown" ? "warning" : "info";
}

}  // namespace

Result<Notice> read_proxmox_notice(const Json& body) {
  const std::string title(trim(text_or(body, "title")));
  const std::string severity = text_or(body, "severity");
  if (title.empty() || severity.empty()) {
    return Error{ErrorCode::rejected,
                 "this is not what a Proxmox webhook is declared to send: `title` and `severity`"};
  }
  return Notice{"firing", severity_of(severity), title, text_or(body, "message")};
}

}  // namespace aegis::relay
