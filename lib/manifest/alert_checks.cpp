#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "base/units.h"
#include "manifest/alerts.h"
#include "manifest/references.h"
#include "manifest/spec.h"
#include "model/address.h"
#include "monitoring/checks.h"
#include "monitoring/program_checks.h"
#include "monitoring/prometheus.h"
#include "monitoring/relay.h"
#include "monitoring/rules.h"

namespace aegis {
namespace {

using monitoring::Measure;
using monitoring::RuleWord;
using monitoring::Source;

std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

std::string meant(const std::string& name, const std::vector<std::string>& known) {
  const auto closest = closest_match(name, known);
  return closest ? fmt::format(" Did you mean `{}`?", *closest) : "";
}

class AlertChecker {
 public:
  AlertChecker(const YamlNode& mapping, const Json& alerts, Reading& reading)
      : alerts_(alerts), reading_(reading), section_(mapping.where), places_(places_of(mapping)) {}

  void check(const YamlNode& mapping) {
    if (const YamlNode* channels = mapping.find("channels")) check_secrecy(*channels);
    for (const auto& [name, rule] : get(alerts_, "rules").items()) check_rule(name, rule);
    for (const auto& [name, check] : get(alerts_, "checks").items()) check_check(name, check);
    for (const auto& [severity, channels] : get(alerts_, "routes").items()) {
      for (std::size_t i = 0; i < channels.size(); ++i) {
        check_channel(as_text(channels[i]), fmt::format("routes.{}[{}]", severity, i));
      }
    }
    const Json& watchdog = get(alerts_, "watchdog");
    if (!watchdog.is_null()) check_channel(text_or(watchdog, "channel"), "watchdog.channel");
    for (const char* taken : {"prometheus", "node", "checks", "relay"}) check_job(taken);
    check_quiet_hours();
    check_relay();
    if (!has_errors(reading_.manifests.diagnostics)) check_proxmox();
  }

 private:
  [[nodiscard]] const SourceSpan& at(const std::string& path) const {
    const auto place = places_.find(path);
    return place == places_.end() ? section_ : place->second;
  }

  void error(const std::string& path, std::string summary, std::string detail) {
    reading_.error(at(path), std::move(summary), std::move(detail));
  }

  // Below `channels`, what became a seal without being one of `secrets`.
  void check_secrecy(const YamlNode& channels) {
    for (const YamlNode::Member& channel : channels.members) {
      for (const YamlNode::Member& type : channel.value->members) {
        for (const YamlNode::Member& field : type.value->members) {
          const Json& value = alerts_["channels"][channel.key][type.key][field.key];
          if (!is_sealed(value) || is_secret(*field.value)) continue;
          reading_.error(field.value->where,
                         "a secret in plain text",
                         fmt::format("Whoever has `{}` can write to the channel. Add it to "
                                     "`secrets` and write ${{secret:NAME}} here.",
                                     field.key));
        }
      }
    }
  }

  void check_rule(const std::string& name, const Json& rule) {
    const std::string path = "rules." + name;
    if (rule.contains("expr")) {
      for (const char* field : {"when", "above", "within"}) {
        if (!rule.contains(field)) continue;
        error(path + "." + field,
              "a rule of two kinds",
              fmt::format("With `expr`, `{}` says nothing: the expression holds it.", field));
      }
      return;
    }
    const RuleWord* word = monitoring::word_of(name, rule);
    if (word == nullptr) return report_word(path, text_or(rule, "when", name));
    check_threshold(path, rule, *word);
    check_source(path, *word);
  }

  void report_word(const std::string& path, const std::string& word) {
    std::vector<std::string> words;
    for (const RuleWord& row : monitoring::rule_words()) words.emplace_back(row.word);
    error(path,
          "unknown rule",
          fmt::format("There is no word `{}`; the words are {}. With a name of your own, say the "
                      "word in `when`, or write an `expr`.{}",
                      word,
                      list_words(words),
                      meant(word, words)));
  }

  void check_threshold(const std::string& path, const Json& rule, const RuleWord& word) {
    const char* wanted = word.measure == Measure::none  ? nullptr
                         : word.measure == Measure::age ? "within"
                                                        : "above";
    for (const std::string field : {"above", "within"}) {
      if (!rule.contains(field)) continue;
      const std::string place = fmt::format("{}.{}", path, field);
      if (wanted == nullptr || field != wanted) {
        error(place,
              "a threshold that the rule does not have",
              fmt::format("`{}` takes no `{}`.", word.word, field));
      } else if (!monitoring::read_threshold(rule.at(field), word.measure)) {
        error(place,
              "not a threshold",
              fmt::format("`{}` takes one like {}.", word.word, word.threshold));
      }
    }
  }

  // A rule that nothing feeds never fires, which looks like health.
  void check_source(const std::string& path, const RuleWord& word) {
    if (word.source == Source::node_exporter && get(get(alerts_, "scrape"), "node").empty()) {
      error(path,
            "a rule that nothing feeds",
            fmt::format("`{}` looks at what node exporters tell: name them in `scrape.node`.",
                        word.word));
    }
    if (word.source == Source::relay && !monitoring::needs_relay(alerts_)) {
      error(path,
            "a rule that nothing feeds",
            fmt::format("`{}` looks at what the relay tells, and nothing goes through one.",
                        word.word));
    }
    if (!is_fed(word.source)) {
      error(path,
            "a rule that nothing feeds",
            fmt::format("`{}` needs {}.",
                        word.word,
                        word.source == Source::backups
                            ? "an entry of `backups` with an `rpo`"
                            : "a check of type `command`, `docker`, `postgres` or `unit`"));
    }
    if (word.source != Source::checks) return;
    const Json& checks = get(alerts_, "checks");
    const bool wants_ping = word.word == "packet_loss";
    const bool is_fed = std::any_of(checks.begin(), checks.end(), [&](const Json& check) {
      return !wants_ping || check.contains("icmp");
    });
    if (is_fed) return;
    error(path,
          "a rule that nothing feeds",
          fmt::format("`{}` looks at what `checks` find: add {}.",
                      word.word,
                      wants_ping ? "one of type `icmp`" : "one"));
  }

  void check_check(const std::string& name, const Json& check) {
    const std::string path = "checks." + name;
    if (monitoring::type_of_check(check) == nullptr) {
      error(path,
            "a check without one type",
            fmt::format("{} takes exactly one of {}.",
                        path,
                        list_words(std::vector<std::string>(std::begin(monitoring::k_check_types),
                                                            std::end(monitoring::k_check_types)))));
    } else if (monitoring::is_program_check(check)) {
      check_is_read(path);
    }
    if (check.contains("timeout")) check_timeout(path, check);
    if (check.contains("of")) check_resource(text_or(check, "of"), path + ".of");
  }

  // Prometheus takes no notice of a target whose timeout is longer than its interval, and the
  // exporter gives up half a second before Prometheus does.
  void check_timeout(const std::string& path, const Json& check) {
    const bool is_program = monitoring::is_program_check(check);
    const std::string usual =
        is_program ? monitoring::interval_of(check)
                   : text_or(get(alerts_, "scrape"), "interval", monitoring::k_usual_interval);
    const std::string interval = text_or(check, "interval", usual);
    const auto timeout = parse_duration(text_or(check, "timeout"));
    if (timeout > parse_duration(interval)) {
      error(path + ".timeout",
            "a timeout longer than the interval",
            fmt::format("The check is made every {}: it must be over by then.", interval));
    } else if (!is_program && timeout <= std::chrono::milliseconds(500)) {
      error(path + ".timeout",
            "a timeout that leaves no time",
            "The exporter gives up half a second before it is over: say more than 500ms.");
    }
  }

  // What a program finds is told by the node exporter of the system that it runs on.
  void check_is_read(const std::string& path) {
    const auto system = parse_address(text_or(alerts_, "on"));
    if (system && get(get(alerts_, "scrape"), "node").contains(system->name)) return;
    error(path,
          "a check that nobody reads",
          fmt::format("It runs on {0}, whose node exporter tells what it found: name that in "
                      "`scrape.node`, as {1}: 127.0.0.1:9100.",
                      text_or(alerts_, "on"),
                      system ? system->name : "NAME"));
  }

  // True when a check that Source::programs feeds on is there; for backups, an objective.
  [[nodiscard]] bool is_fed(Source source) const {
    const Json& checks = get(alerts_, "checks");
    if (source == Source::programs) {
      return std::any_of(checks.begin(), checks.end(), monitoring::is_program_check);
    }
    const auto& backups = reading_.manifests.backups;
    return source != Source::backups ||
           std::any_of(backups.begin(), backups.end(), [](const auto& entry) {
             return entry.second.rpo.has_value();
           });
  }

  void check_resource(const std::string& name, const std::string& path) {
    const Desired& desired = reading_.manifests.desired;
    std::set<std::string> known;
    for (const auto& [scope, value] : desired.scopes) known.insert(scope);
    for (const auto& [address, resource] : desired.resources) known.insert(to_string(address));
    if (known.contains(name)) return;
    const std::vector<std::string> names(known.begin(), known.end());
    error(path,
          "unknown resource",
          fmt::format("The manifests have no `{}`; write an address such as container/NAME or "
                      "stack/NAME/service/NAME.{}",
                      name,
                      meant(name, names)));
  }

  void check_channel(const std::string& name, const std::string& path) {
    const std::vector<std::string> names = keys_of(get(alerts_, "channels"));
    if (std::find(names.begin(), names.end(), name) != names.end()) return;
    error(path,
          "unknown channel",
          fmt::format("`channels` has no `{}`.{}", name, meant(name, names)));
  }

  void check_job(const std::string& taken) {
    if (!get(get(alerts_, "scrape"), "jobs").contains(taken)) return;
    error("scrape.jobs." + taken,
          "a job's name that is taken",
          fmt::format("`{}` is the name of a job that is made here. Choose another.", taken));
  }

  void check_quiet_hours() {
    const Json& quiet = get(alerts_, "quiet_hours");
    if (quiet.is_null() || text_or(quiet, "from") != text_or(quiet, "to")) return;
    error("quiet_hours.to", "quiet hours without an end", "`from` and `to` must differ.");
  }

  // What is open to others must know whom it listens to.
  void check_relay() {
    const std::string address = monitoring::relay_address(alerts_);
    const bool is_open = !address.starts_with("127.") && !address.starts_with("[::1]");
    if (!is_open || get(alerts_, "relay").contains("token")) return;
    error("relay.listen",
          "a relay that anybody can use",
          "Others than this system can reach it: give it a `token`.");
  }

  // The relay sends no mail.
  void check_proxmox() {
    if (!alerts_.contains("proxmox")) return;
    const Json config = monitoring::relay_config(alerts_);
    for (const std::string& severity : monitoring::severities_of_proxmox(alerts_)) {
      if (!get(config.at("routes"), severity).empty()) continue;
      error("proxmox",
            "messages that reach nobody",
            fmt::format("What is `{}` goes to no channel but mail, which Proxmox sends itself: "
                        "declare an endpoint of type smtp in `notifications`, and leave it out of "
                        "`severities`; or route `{}` to another channel too.",
                        severity,
                        severity));
    }
  }

  const Json& alerts_;
  Reading& reading_;
  SourceSpan section_;
  std::map<std::string, SourceSpan, std::less<>> places_;
};

}  // namespace

void check_alerts(const YamlNode& mapping, const Json& alerts, Reading& reading) {
  AlertChecker(mapping, alerts, reading).check(mapping);
}

}  // namespace aegis
