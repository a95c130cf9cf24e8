#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/json.h"
#include "monitoring/rule_words.h"

namespace aegis::monitoring {

/// The word that the rule `name` uses: its `when`, else its own name. Null for a rule with an
/// `expr`, and for a word that does not exist.
const RuleWord* word_of(const std::string& name, const Json& rule);

/// The number in a threshold of that measure: 90 for "90%", 2 for "2" and 2, 14 (days) for "14d";
/// nothing when it is written in another way.
std::optional<double> read_threshold(const Json& threshold, Measure measure);

/// The number of the rule's threshold: the manifest's, else the word's own. Nothing when the word
/// has none.
std::optional<double> threshold_of_rule(const RuleWord& word, const Json& rule);

/// Prometheus's rule files for the section `alerts`, by their names below the folder of the rules:
/// "host.yml". Those of the words, of the checks' own limits, of raw expressions ("custom.yml") and
/// the dead man's switch ("watchdog.yml"); a file without rules is left out. The section is right,
/// as the manifest's reader has checked.
std::map<std::string, Json> rule_files(const Json& alerts);

}  // namespace aegis::monitoring
