#include "monitoring/rules.h"

#include <fmt/format.h>

#include <chrono>

#include "base/text.h"
#include "base/units.h"
#include "monitoring/watchdog.h"

namespace aegis::monitoring {
namespace {

constexpr std::string_view k_placeholder = "$threshold";

double in_days(std::chrono::nanoseconds age) {
  return std::chrono::duration<double, std::ratio<86400>>(age).count();
}

std::string with_threshold(std::string_view expr, double threshold) {
  std::string text(expr);
  const std::size_t at = text.find(k_placeholder);
  if (at != std::string::npos) text.replace(at, k_placeholder.size(), fmt::format("{}", threshold));
  return text;
}

// "slow_queries" -> "SlowQueries".
std::string alert_name(const std::string& rule) {
  std::string name;
  for (std::string piece : split_any(rule, "_")) {
    if (piece.front() >= 'a' && piece.front() <= 'z') piece.front() -= 'a' - 'A';
    name += piece;
  }
  return name;
}

Json threshold_of(const RuleWord& word, const Json& rule) {
  const Json& given = get(rule, word.measure == Measure::age ? "within" : "above");
  return given.is_null() ? Json(word.threshold) : given;
}

Json alert(const std::string& name,
           const std::string& expr,
           std::string_view duration,
           const Json& labels,
           const std::string& summary) {
  Json rule{
      {"alert", name}, {"expr", expr}, {"labels", labels}, {"annotations", {{"summary", summary}}}};
  if (duration != "0s") rule["for"] = duration;
  return rule;
}

Json labels_of(const Json& rule, std::string_view severity, std::string_view topic) {
  Json labels{{"severity", text_or(rule, "severity", severity)}, {"topic", topic}};
  labels.update(rule.value("labels", Json::object()));
  return labels;
}

Json worded_alert(const std::string& name, const Json& rule, const RuleWord& word) {
  const double threshold = threshold_of_rule(word, rule).value_or(0);
  return alert(name == word.word ? std::string(word.alert) : alert_name(name),
               with_threshold(word.expr, threshold),
               text_or(rule, "for", word.duration),
               labels_of(rule, word.severity, word.word),
               text_or(rule, "summary", word.summary));
}

Json custom_alert(const std::string& name, const Json& rule) {
  return alert(alert_name(name),
               text_or(rule, "expr"),
               text_or(rule, "for", "0s"),
               labels_of(rule, "warning", name),
               text_or(rule, "summary", alert_name(name) + " on {{ $labels.instance }}"));
}

// What a check itself limits: how long an answer may take, and how long its certificate must hold.
std::vector<Json> alerts_of_check(const std::string& name, const Json& check) {
  std::vector<Json> alerts;
  const Json& http = get(check, "http");
  const auto labels = [](const char* topic) {
    return Json{{"severity", "warning"}, {"topic", topic}};
  };
  if (const auto limit = parse_duration(text_or(http, "latency"))) {
    alerts.push_back(alert("SlowAnswer",
                           fmt::format("probe_duration_seconds{{check=\"{}\"}} > {}",
                                       name,
                                       std::chrono::duration<double>(*limit).count()),
                           "5m",
                           labels("latency"),
                           "{{ $labels.check }} takes {{ $value | humanizeDuration }} to answer"));
  }
  if (const auto limit = parse_duration(text_or(http, "certificate"))) {
    const RuleWord& word = *find_rule_word("certificate_expires");
    alerts.push_back(
        alert(std::string(word.alert),
              fmt::format("(probe_ssl_earliest_cert_expiry{{check=\"{}\"}} - time()) / 86400 < {}",
                          name,
                          in_days(*limit)),
              word.duration,
              labels(word.word.data()),
              std::string(word.summary)));
  }
  return alerts;
}

Json watchdog_alert() {
  return alert(k_watchdog,
               "vector(1)",
               "0s",
               {{"severity", "none"}},
               "Alerts are on their way; silence means that they are not");
}

}  // namespace

const RuleWord* word_of(const std::string& name, const Json& rule) {
  if (rule.contains("expr")) return nullptr;
  return find_rule_word(text_or(rule, "when", name));
}

std::optional<double> read_threshold(const Json& threshold, Measure measure) {
  if (measure == Measure::age) {
    const auto age = parse_duration(as_text(threshold));
    return age ? std::optional(in_days(*age)) : std::nullopt;
  }
  if (measure == Measure::none || threshold.is_boolean()) return std::nullopt;
  std::string text = threshold.is_number() ? threshold.dump() : as_text(threshold);
  if ((measure == Measure::percent) != text.ends_with('%')) return std::nullopt;
  if (measure == Measure::percent) text.pop_back();
  return as_number(Json(text));
}

std::optional<double> threshold_of_rule(const RuleWord& word, const Json& rule) {
  return read_threshold(threshold_of(word, rule), word.measure);
}

std::map<std::string, Json> rule_files(const Json& alerts) {
  std::map<std::string, std::vector<Json>> groups;
  for (const auto& [name, rule] : get(alerts, "rules").items()) {
    const RuleWord* word = word_of(name, rule);
    if (word == nullptr) {
      groups["custom"].push_back(custom_alert(name, rule));
    } else {
      groups[std::string(word->group)].push_back(worded_alert(name, rule, *word));
    }
  }
  for (const auto& [name, check] : get(alerts, "checks").items()) {
    for (Json& rule : alerts_of_check(name, check)) groups["checks"].push_back(std::move(rule));
  }
  if (alerts.contains("watchdog")) groups["watchdog"].push_back(watchdog_alert());
  std::map<std::string, Json> files;
  for (auto& [group, rules] : groups) {
    if (rules.empty()) continue;
    files[group + ".yml"] = {{"groups", Json::array({{{"name", group}, {"rules", rules}}})}};
  }
  return files;
}

}  // namespace aegis::monitoring
