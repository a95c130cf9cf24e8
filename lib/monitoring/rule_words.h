#pragma once

#include <span>
#include <string_view>

namespace aegis::monitoring {

/// What the threshold of a rule is, and how it is written in the manifest.
enum class Measure {
  none,     ///< it has none
  percent,  ///< `above: 90%`
  count,    ///< `above: 2`
  age,      ///< `within: 14d`
};

/// Where the values that a rule looks at come from.
enum class Source { any, node_exporter, checks, relay, backups, programs };

/// A rule that people name by a word. The table of them is the reference: what each word asks of
/// Prometheus, and what holds where the manifest says nothing.
struct RuleWord {
  std::string_view word;   ///< "disk": also the label `topic` of its alerts
  std::string_view group;  ///< the rule file it stands in, without ".yml": "host"
  std::string_view alert;  ///< the alert's name: "DiskFilling"
  Measure measure;
  Source source;
  std::string_view threshold;  ///< by default, as the manifest writes it; empty: none
  std::string_view duration;   ///< `for`, by default
  std::string_view severity;   ///< by default
  std::string_view expr;       ///< PromQL; `$threshold` stands for the number
  std::string_view summary;    ///< Prometheus's template for one line to people
};

/// All words, sorted.
std::span<const RuleWord> rule_words();

/// The row of `word`, or null.
const RuleWord* find_rule_word(std::string_view word);

}  // namespace aegis::monitoring
