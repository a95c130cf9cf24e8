#include <fmt/format.h>

#include "base/text.h"
#include "relay/notice.h"

namespace aegis::relay {
namespace {

constexpr std::size_t k_most_lines = 20;

// What an alert says of itself: its summary, else the labels that it was told with.
std::string words_of(const Json& alert) {
  const Json& annotations = get(alert, "annotations");
  for (const char* name : {"summary", "description"}) {
    std::string text = text_or(annotations, name);
    if (!text.empty()) return text;
  }
  std::vector<std::string> pairs;
  for (const auto& [label, value] : get(alert, "labels").items()) {
    if (label != "alertname") pairs.push_back(fmt::format("{}={}", label, as_text(value)));
  }
  return join(pairs, ", ");
}

std::string text_of(const Json& body, const std::string& state) {
  const Json& alerts = body.at("alerts");
  std::vector<std::string> lines;
  for (const Json& alert : alerts) {
    if (lines.size() == k_most_lines) break;
    const std::string own = text_or(alert, "status", state);
    lines.push_back(own == state ? words_of(alert) : fmt::format("{}: {}", own, words_of(alert)));
  }
  const auto cut = static_cast<std::size_t>(as_integer(get(body, "truncatedAlerts")).value_or(0));
  const std::size_t more = alerts.size() - lines.size() + cut;
  if (more > 0) lines.push_back(fmt::format("and {} more", more));
  return join(lines, "\n");
}

}  // namespace

Result<Notice> read_alertmanager_notice(const Json& body) {
  const Json& alerts = get(body, "alerts");
  const std::string state = text_or(body, "status");
  if (!alerts.is_array() || alerts.empty() || (state != "firing" && state != "resolved")) {
    return Error{ErrorCode::rejected,
                 "this is not what Alertmanager sends to webhooks: `status` and `alerts`"};
  }
  const Json& labels = get(alerts.front(), "labels");
  std::string title = text_or(labels, "alertname", "Alert");
  if (alerts.size() > 1) title += fmt::format(" ({})", alerts.size());
  return Notice{state, text_or(labels, "severity", "warning"), title, text_of(body, state)};
}

}  // namespace aegis::relay
