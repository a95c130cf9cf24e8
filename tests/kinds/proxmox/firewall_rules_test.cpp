#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "kinds/proxmox/firewall/rule.h"
#include "kinds/proxmox/firewall/rule_edits.h"
#include "kinds/proxmox/firewall/rule_match.h"

namespace aegis::proxmox {
namespace {

const Json k_macros{"HTTP", "HTTPS", "SSH"};

Json rule_with(const char* action, int port, bool enabled = true) {
  return {{"type", "in"},
          {"action", action},
          {"enable", enabled ? "1" : "0"},
          {"proto", "tcp"},
          {"dport", std::to_string(port)}};
}

std::vector<std::string> texts_of(const std::vector<Json>& rules) {
  std::vector<std::string> texts;
  for (const Json& rule : rules) texts.push_back(rule_text(rule));
  return texts;
}

// What Proxmox makes of a call.
void play(std::vector<Json>& rules, const RuleEdit& edit) {
  const auto at = rules.begin() + static_cast<std::ptrdiff_t>(edit.position);
  if (edit.type == RuleEdit::Type::insert) {
    rules.insert(rules.begin(), edit.rule);
  } else if (edit.type == RuleEdit::Type::change) {
    *at = edit.rule;
  } else if (edit.type == RuleEdit::Type::remove) {
    rules.erase(at);
  } else {
    const Json moved = *at;
    rules.erase(at);
    const std::size_t target = edit.target > edit.position ? edit.target - 1 : edit.target;
    rules.insert(rules.begin() + static_cast<std::ptrdiff_t>(target), moved);
  }
}

std::vector<Json> some_rules(std::mt19937& random) {
  std::vector<Json> rules;
  const std::size_t count = random() % 7;
  for (std::size_t i = 0; i < count; ++i) {
    const char* action = random() % 3 == 0 ? "DROP" : "ACCEPT";
    rules.push_back(rule_with(action, static_cast<int>(random() % 4), random() % 4 != 0));
  }
  return rules;
}

std::string types_of(const std::vector<RuleEdit>& edits) {
  std::string text;
  for (const RuleEdit& edit : edits) text += std::string(to_string(edit.type)) + " ";
  return text;
}

std::string described(const std::vector<Json>& live, const std::vector<Json>& wanted) {
  return describe_match(match_rules(texts_of(live), texts_of(wanted)));
}

}  // namespace

TEST_CASE("a rule of a manifest and the same rule of a host have one text") {
  const Json wanted = rule_of_spec({{"in", "ACCEPT"},
                                    {"proto", "TCP"},
                                    {"dport", {80, 443}},
                                    {"source", "+office"},
                                    {"log", "nolog"}},
                                   k_macros);
  const Json live = rule_of_live({{"type", "in"},
                                  {"action", "ACCEPT"},
                                  {"enable", 1},
                                  {"pos", 3},
                                  {"proto", "tcp"},
                                  {"dport", "80,443"},
                                  {"source", "+office"},
                                  {"digest", "ab"}});
  CHECK(rule_text(wanted) == "IN ACCEPT -source +office -p tcp -dport 80,443");
  CHECK(rule_text(live) == rule_text(wanted));
}

TEST_CASE("a macro gets the host's spelling, and a rule that is off says so") {
  const Json rule = rule_of_spec(
      {{"in", "DROP"}, {"macro", "ssh"}, {"enable", false}, {"comment", "later\n"}}, k_macros);
  CHECK(rule_text(rule) == "|IN SSH(DROP) # later");
  CHECK(rule_text(rule_of_spec({{"group", "web"}}, k_macros)) == "GROUP web");
}

TEST_CASE("the marker is known by its comment, and only while it is off") {
  CHECK(is_marker(marker_rule()));
  Json on = marker_rule();
  on["enable"] = "1";
  CHECK_FALSE(is_marker(on));
  Json other = marker_rule();
  other["comment"] = "aegisctl-like";
  CHECK_FALSE(is_marker(other));
}

TEST_CASE("edits lead from any list to any other, each to the list that it promises") {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::vector<Json> rules = some_rules(random);
    const std::vector<Json> wanted = some_rules(random);
    CAPTURE(texts_of(rules), texts_of(wanted));
    for (const RuleEdit& edit : edits_between(rules, wanted)) {
      REQUIRE(edit.before == key_of_rules(rules));
      play(rules, edit);
      REQUIRE(edit.after == key_of_rules(rules));
    }
    REQUIRE(texts_of(rules) == texts_of(wanted));
  }
}

TEST_CASE("what is allowed before and after is allowed at every moment between") {
  std::mt19937 random(11);
  const auto accepts = [](const std::vector<Json>& rules, int port) {
    for (const Json& rule : rules) {
      const bool fits = text_or(rule, "dport") == std::to_string(port);
      if (is_enabled(rule) && fits) return text_or(rule, "action") == "ACCEPT";
    }
    return false;
  };
  for (int round = 0; round < 2000; ++round) {
    std::vector<Json> rules = some_rules(random);
    const std::vector<Json> wanted = some_rules(random);
    // Rules that only accept: an order among blocking ones may have to pass through a worse one.
    for (std::vector<Json>* list : {&rules}) {
      for (Json& rule : *list) rule["action"] = "ACCEPT";
    }
    CAPTURE(texts_of(rules), texts_of(wanted));
    std::vector<int> open;
    for (int port = 0; port < 4; ++port) {
      if (accepts(rules, port) && accepts(wanted, port)) open.push_back(port);
    }
    for (const RuleEdit& edit : edits_between(rules, wanted)) {
      play(rules, edit);
      for (const int port : open) {
        CAPTURE(port, texts_of(rules));
        REQUIRE(accepts(rules, port));
      }
    }
  }
}

TEST_CASE(
    "a list that is laid down needs one call a rule, and blocking rules are switched on last") {
  const auto edits =
      edits_between({}, {rule_with("ACCEPT", 1), rule_with("ACCEPT", 2), rule_with("DROP", 3)});
  CHECK(types_of(edits) == "insert insert insert change ");
  CHECK(text_or(edits[0].rule, "enable") == "0");
  CHECK(text_or(edits[3].rule, "action") == "DROP");
}

TEST_CASE("only what differs is touched") {
  const std::vector<Json> live{
      rule_with("ACCEPT", 1), rule_with("ACCEPT", 2), rule_with("DROP", 3)};
  CHECK(edits_between(live, live).empty());
  const std::vector<Json> swapped{live[1], live[0], live[2]};
  CHECK(types_of(edits_between(live, swapped)) == "move ");
  const std::vector<Json> edited{live[0], rule_with("ACCEPT", 9), live[2]};
  CHECK(types_of(edits_between(live, edited)) == "change ");
  const std::vector<Json> shorter{live[0], live[2]};
  CHECK(types_of(edits_between(live, shorter)) == "remove ");
}

TEST_CASE("differences are told by the numbers that people count") {
  const std::vector<Json> live{
      rule_with("ACCEPT", 1), rule_with("ACCEPT", 2), rule_with("DROP", 3)};
  CHECK(described(live, {live[0], live[1], rule_with("REJECT", 5), live[2]}) == "rule 3 added");
  CHECK(described(live, {live[2], live[0], live[1]}) == "rule 3 moved to 1");
  CHECK(described(live, {live[0], rule_with("ACCEPT", 7)}) == "rule 2 changed; rule 3 removed");
}

}  // namespace aegis::proxmox
