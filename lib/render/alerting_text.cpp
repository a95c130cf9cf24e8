#include "render/alerting_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "render/terminal_text.h"

namespace aegis {
namespace {

constexpr std::string_view k_format_version = "1.0";

std::string names(const std::vector<std::string>& list) {
  return harmless(join(list, ", "));
}

std::string tries(double count) {
  return count_of(static_cast<std::size_t>(std::max(count, 0.0)), "attempt");
}

std::string fate(const TestDelivery& delivery, const Style& style) {
  if (delivery.is_complete()) return paint("sent", Role::added, style);
  std::string text =
      delivery.failed() > 0
          ? fmt::format("{} failed", tries(delivery.failed()))
          : std::string("nothing was sent in time: quiet hours, or a group that waits");
  if (delivery.sent() > 0) {
    text += fmt::format(", {:.0f} of {} sent", delivery.sent(), delivery.channels.size());
  }
  return paint(text, Role::failed, style);
}

std::string hop(bool good, const std::string& name, const std::string& text, const Style& style) {
  return fmt::format(
      "  {}  {}\n", padded(name, 13), good ? text : paint(text, Role::failed, style));
}

std::string advice(const AlertTest& test) {
  if (!test.missing.empty() || !test.undeclared.empty()) {
    return fmt::format("Alertmanager on {} does not have the routes of the manifests: apply them.",
                       test.on);
  }
  if (!test.held.empty()) return "`aegisctl alerts silences` lists what holds it.";
  return fmt::format("On {}, `journalctl -u prometheus-alertmanager` says why.", test.on);
}

std::vector<std::string> texts_of(const std::vector<AlertMatcher>& matchers) {
  std::vector<std::string> texts;
  texts.reserve(matchers.size());
  for (const AlertMatcher& matcher : matchers) texts.push_back(to_string(matcher));
  return texts;
}

}  // namespace

std::string render_text(const AlertTest& test, const Style& style) {
  std::string text = fmt::format(
      "{} on {}\n", paint(harmless(test.alert), Role::strong, style), harmless(test.on));
  text += hop(true, "alertmanager", fmt::format("{} took it", harmless(test.version)), style);
  if (!test.held.empty()) text += hop(false, "held", fmt::format("it is {}", test.held), style);
  if (!test.missing.empty()) {
    text += hop(false, "routes", fmt::format("it does not go to {}", names(test.missing)), style);
  }
  if (!test.undeclared.empty()) {
    text += hop(false,
                "routes",
                fmt::format("it goes to {}, which no manifest has", names(test.undeclared)),
                style);
  }
  for (const TestDelivery& delivery : test.deliveries) {
    text += hop(true,
                harmless(delivery.integration),
                fmt::format("{}: {}", names(delivery.channels), fate(delivery, style)),
                style);
  }
  if (test.arrived()) {
    return text + paint(fmt::format("The alert, of severity {}, was sent to every channel.\n",
                                    test.severity),
                        Role::added,
                        style);
  }
  return text + paint("The alert did not get through.", Role::failed, style) + " " +
         harmless(advice(test)) + "\n";
}

Json to_json(const AlertTest& test) {
  Json deliveries = Json::array();
  for (const TestDelivery& delivery : test.deliveries) {
    deliveries.push_back({{"integration", delivery.integration},
                          {"channels", delivery.channels},
                          {"sent", delivery.sent()},
                          {"failed", delivery.failed()},
                          {"arrived", delivery.is_complete()}});
  }
  return {{"format_version", k_format_version},
          {"on", test.on},
          {"version", test.version},
          {"alert", test.alert},
          {"severity", test.severity},
          {"held", test.held},
          {"missing", test.missing},
          {"undeclared", test.undeclared},
          {"deliveries", std::move(deliveries)},
          {"arrived", test.arrived()}};
}

std::string render_text(const std::vector<Silence>& silences, const Style& style) {
  if (silences.empty()) return "Nothing is silenced.\n";
  std::string text;
  for (const Silence& silence : silences) {
    text += fmt::format("{}\n  until {}, by {}{}\n  {}\n",
                        paint(names(texts_of(silence.matchers)), Role::strong, style),
                        harmless(silence.until),
                        harmless(silence.by),
                        silence.comment.empty() ? "" : ": " + harmless(silence.comment),
                        paint(harmless(silence.id), Role::faint, style));
  }
  return text;
}

Json to_json(const std::vector<Silence>& silences) {
  Json list = Json::array();
  for (const Silence& silence : silences) {
    list.push_back({{"id", silence.id},
                    {"matchers", texts_of(silence.matchers)},
                    {"from", silence.from},
                    {"until", silence.until},
                    {"by", silence.by},
                    {"comment", silence.comment}});
  }
  return {{"format_version", k_format_version}, {"silences", std::move(list)}};
}

}  // namespace aegis
