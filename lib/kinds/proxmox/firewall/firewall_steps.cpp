#include "kinds/proxmox/firewall/firewall_steps.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "kinds/proxmox/firewall/rule.h"
#include "kinds/proxmox/firewall/rule_edits.h"

namespace aegis::proxmox {
namespace {

constexpr std::chrono::minutes k_timeout{2};

std::string title_of(const RuleEdit& edit, const std::string& place) {
  const std::string rule = rule_text(edit.rule);
  switch (edit.type) {
    case RuleEdit::Type::insert:
      return fmt::format("add rule \"{}\" to {}", rule, place);
    case RuleEdit::Type::move: {
      // Counted as it will stand, from 1: Proxmox counts with the rule still in its old place.
      const std::size_t number = edit.target > edit.position ? edit.target : edit.target + 1;
      return fmt::format("move rule {} of {} to {}", edit.position + 1, place, number);
    }
    case RuleEdit::Type::change:
      return fmt::format("make rule {} of {} \"{}\"", edit.position + 1, place, rule);
    case RuleEdit::Type::remove:
      return fmt::format("remove rule \"{}\" from {}", rule, place);
  }
  return {};
}

// "alias lan", "10.0.0.0/24 in IP set admins".
std::string spoken(std::string_view what, const std::string& name, const std::string& set) {
  if (what == "entry") return fmt::format("{} in IP set {}", name, set);
  if (what == "ipset") return fmt::format("IP set {}", name);
  return fmt::format("{} {}", what == "group" ? "security group" : what, name);
}

}  // namespace

FirewallSteps::FirewallSteps(const Lowering& lowering, const FirewallLevel& level)
    : lowering_(lowering), level_(level) {}

void FirewallSteps::edit_rules(const std::string& list,
                               const std::vector<Json>& live,
                               const std::vector<Json>& wanted) {
  const std::string place =
      list == "rules" ? level_.spoken : fmt::format("group {}", split(list, '/').back());
  for (const RuleEdit& edit : edits_between(live, wanted)) {
    add("edit_rules",
        title_of(edit, place),
        {{"list", list},
         {"edit", to_string(edit.type)},
         {"position", edit.position},
         {"target", edit.target},
         {"rule", edit.rule},
         {"before", edit.before},
         {"after", edit.after}});
  }
}

void FirewallSteps::set_options(const Json& set, const std::vector<std::string>& remove) {
  if (set.empty() && remove.empty()) return;
  std::vector<std::string> names = remove;
  for (const auto& [name, value] : set.items()) names.push_back(name);
  std::sort(names.begin(), names.end());
  add("set_options",
      fmt::format("set {} of {}", list_words(names), level_.spoken),
      {{"set", set}, {"delete", remove}});
}

void FirewallSteps::put(std::string_view what,
                        const std::string& name,
                        const Json& item,
                        bool exists,
                        const std::string& set) {
  add("put",
      fmt::format("{} {} of {}", exists ? "change" : "add", spoken(what, name, set), level_.spoken),
      {{"what", what}, {"name", name}, {"item", item}, {"exists", exists}, {"set", set}});
}

void FirewallSteps::remove(std::string_view what, const std::string& name, const std::string& set) {
  add("remove",
      fmt::format("remove {} of {}", spoken(what, name, set), level_.spoken),
      {{"what", what}, {"name", name}, {"set", set}});
}

void FirewallSteps::add(std::string_view operation, std::string title, Json input) {
  Step step;
  step.id = static_cast<StepId>(steps_.size()) + 1;
  step.address = lowering_.change.address;
  step.operation = operation;
  step.title = std::move(title);
  step.input = std::move(input);
  step.input["endpoint"] = get(lowering_.scope.settings, "endpoint");
  step.input["path"] = level_.path;
  step.timeout = k_timeout;
  if (step.id > 1) step.after = {step.id - 1};
  steps_.push_back(std::move(step));
}

}  // namespace aegis::proxmox
