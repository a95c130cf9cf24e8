#include <functional>

#include "kinds/proxmox/firewall/firewall_observe.h"
#include "kinds/proxmox/firewall/firewall_plan.h"
#include "kinds/proxmox/firewall/firewall_steps.h"
#include "kinds/proxmox/firewall/model.h"
#include "kinds/proxmox/firewall/rule.h"

namespace aegis::proxmox {
namespace {

Json without(Json item, std::string_view member) {
  if (item.is_object()) item.erase(std::string(member));
  return item;
}

class Lowerer {
 public:
  Lowerer(const Lowering& lowering, const FirewallLevel& level, const Json& wanted)
      : level_(level),
        live_(get(lowering.live.context, "firewall")),
        wanted_(wanted),
        stays_(lowering.change.action != Action::remove),
        steps_(lowering, level) {}

  std::vector<Step> lower() {
    mark();
    if (!wanted_on()) switch_off();
    put_aliases();
    put_sets();
    put_groups();
    edit_rules();
    set_rest();
    remove_rest();
    return steps_.take();
  }

 private:
  [[nodiscard]] const Json& live(const char* part) const { return get(live_, part); }
  [[nodiscard]] const Json& wanted(const char* part) const { return get(wanted_, part); }

  [[nodiscard]] bool wanted_on() const { return is_switched_on(level_.type, wanted("options")); }
  [[nodiscard]] bool live_on() const { return is_switched_on(level_.type, live("options")); }

  // First of all: what a broken run leaves must be known as ours.
  void mark() {
    rules_ = rules_in(live_);
    if (!stays_ || is_marked(live_)) return;
    std::vector<Json> marked = rules_;
    marked.push_back(marker_rule());
    steps_.edit_rules("rules", rules_, marked);
    rules_ = std::move(marked);
  }

  void switch_off() {
    if (!live_on()) return;
    set_only([](const std::string& name) { return name == "enable"; });
    off_ = true;
  }

  void set_rest() {
    set_only([this](const std::string& name) { return name != "enable" || !off_; });
  }

  // The options that differ and that `chosen` picks.
  void set_only(const std::function<bool(const std::string&)>& chosen) {
    Json set = Json::object();
    std::vector<std::string> remove;
    for (const auto& [name, value] : wanted("options").items()) {
      if (get(live("options"), name) != value && chosen(name)) set[name] = value;
    }
    for (const auto& [name, value] : live("options").items()) {
      if (!wanted("options").contains(name) && chosen(name)) remove.push_back(name);
    }
    steps_.set_options(set, remove);
  }

  void put_aliases() {
    for (const auto& [key, alias] : wanted("aliases").items()) {
      const Json& present = get(live("aliases"), key);
      if (without(present, "name") == without(alias, "name")) continue;
      steps_.put("alias", text_or(alias, "name"), alias, !present.is_null());
    }
  }

  void put_sets() {
    for (const auto& [name, set] : wanted("ipsets").items()) {
      const Json& present = get(live("ipsets"), name);
      if (present.is_null() || get(present, "comment") != get(set, "comment")) {
        steps_.put("ipset", name, {{"comment", set["comment"]}}, !present.is_null());
      }
      put_entries(name, get(set, "entries"), get(present, "entries"));
    }
  }

  void put_entries(const std::string& set, const Json& wanted, const Json& present) {
    for (const auto& [cidr, entry] : wanted.items()) {
      const Json& own = get(present, cidr);
      if (without(own, "cidr") == without(entry, "cidr")) continue;
      steps_.put("entry", text_or(own, "cidr", cidr), entry, !own.is_null(), set);
    }
    for (const auto& [cidr, entry] : present.items()) {
      if (!wanted.contains(cidr)) steps_.remove("entry", text_or(entry, "cidr"), set);
    }
  }

  void put_groups() {
    for (const auto& [name, group] : wanted("groups").items()) {
      const Json& present = get(live("groups"), name);
      if (present.is_null() || get(present, "comment") != get(group, "comment")) {
        steps_.put("group", name, {{"comment", group["comment"]}}, !present.is_null());
      }
      steps_.edit_rules("groups/" + name, rules_in(present), rules_in(group));
    }
  }

  // The marker stays where it is among the others; when all goes, it goes last.
  void edit_rules() {
    std::vector<Json> target = rules_in(wanted_);
    for (const Json& rule : rules_) {
      if (is_marker(rule)) target.push_back(rule);
    }
    // Only what is told as a difference is a reason to touch the order.
    if (texts_without_marker(rules_) == texts_without_marker(target)) return;
    steps_.edit_rules("rules", rules_, target);
    rules_ = std::move(target);
  }

  static std::vector<std::string> texts_without_marker(const std::vector<Json>& rules) {
    std::vector<std::string> texts;
    for (const Json& rule : rules) {
      if (!is_marker(rule)) texts.push_back(rule_text(rule));
    }
    return texts;
  }

  void remove_rest() {
    for (const auto& [name, group] : live("groups").items()) {
      if (wanted("groups").contains(name)) continue;
      steps_.edit_rules("groups/" + name, rules_in(group), {});
      steps_.remove("group", name);
    }
    for (const auto& [name, set] : live("ipsets").items()) {
      if (!wanted("ipsets").contains(name)) steps_.remove("ipset", name);
    }
    for (const auto& [key, alias] : live("aliases").items()) {
      if (!wanted("aliases").contains(key)) steps_.remove("alias", text_or(alias, "name"));
    }
    if (!stays_) steps_.edit_rules("rules", rules_, {});
  }

  const FirewallLevel& level_;
  const Json& live_;
  const Json& wanted_;
  const bool stays_;
  bool off_ = false;
  std::vector<Json> rules_;  ///< as they are after the steps so far
  FirewallSteps steps_;
};

// What is left when a level is no longer declared. A node's firewall is on by default: it is left
// off, so that losing its rules shuts nobody out.
Json nothing_of(const FirewallLevel& level) {
  Json firewall = firewall_of_spec(level, Json::object(), Json::array());
  if (level.type == FirewallLevel::Type::node) firewall["options"]["enable"] = "0";
  return firewall;
}

}  // namespace

std::vector<Step> lower_firewall(const Lowering& lowering) {
  const Json spec = lowering.desired == nullptr ? Json() : lowering.desired->spec;
  const FirewallLevel level =
      level_of(lowering.change.address, spec, text_or(lowering.scope.settings, "node"));
  const bool goes = lowering.change.action == Action::remove || lowering.desired == nullptr;
  const Json wanted = goes ? nothing_of(level)
                           : firewall_of_spec(level, spec, get(lowering.live.context, "macros"));
  return Lowerer(lowering, level, wanted).lower();
}

}  // namespace aegis::proxmox
