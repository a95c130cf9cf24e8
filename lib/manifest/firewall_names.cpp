#include "manifest/firewall_names.h"

#include <fmt/format.h>

#include <optional>
#include <set>

#include "base/text.h"
#include "manifest/schema.h"

namespace aegis {
namespace {

using Names = std::set<std::string>;

Names names_in(const Json& firewall, const char* list) {
  Names names;
  const Json& members = get(firewall, list);
  if (!members.is_object()) return names;
  for (const auto& [name, value] : members.items()) names.insert(to_lower(name));
  return names;
}

// "+dc/admins" is an IP set, "office" an alias, and all else an address.
struct NamedThing {
  bool is_set = false;
  std::string level;  ///< "dc", "guest", or "": both
  std::string name;
};

std::optional<NamedThing> read_name(std::string word) {
  NamedThing thing;
  thing.is_set = word.starts_with('+');
  if (thing.is_set) word.erase(0, 1);
  const std::size_t slash = word.find('/');
  const bool has_level = slash != std::string::npos && word.find_first_of(".:") > slash;
  if (has_level) thing.level = word.substr(0, slash);
  thing.name = to_lower(has_level ? word.substr(slash + 1) : word);
  if (!thing.is_set && !matches_pattern("^[a-z][a-z0-9_-]+$", thing.name)) return std::nullopt;
  return thing;
}

class NameCheck {
 public:
  NameCheck(const Resource& firewall, Reading& reading) : firewall_(firewall), reading_(reading) {
    const auto& resources = reading.manifests.desired.resources;
    const auto found = resources.find({firewall.scope, "firewall", "datacenter"});
    if (found != resources.end()) datacenter_ = &found->second.spec;
  }

  void check() {
    check_rules("rules", get(firewall_.spec, "rules"));
    const Json& groups = get(firewall_.spec, "groups");
    if (groups.is_object()) {
      for (const auto& [name, group] : groups.items()) {
        const bool plain = group.is_array();
        check_rules(fmt::format("groups.{}{}", name, plain ? "" : ".rules"),
                    plain ? group : get(group, "rules"));
      }
    }
    const Json& sets = get(firewall_.spec, "ipsets");
    if (!sets.is_object()) return;
    for (const auto& [name, set] : sets.items()) {
      const Json& entries = set.is_array() ? set : get(set, "entries");
      for (std::size_t i = 0; i < entries.size(); ++i) {
        const Json& entry = entries[i];
        check_word(fmt::format("ipsets.{}[{}]", name, i),
                   as_text(entry.is_object() ? get(entry, "cidr") : entry));
      }
    }
  }

 private:
  void check_rules(const std::string& path, const Json& rules) {
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const std::string place = fmt::format("{}[{}]", path, i);
      const std::string group = to_lower(text_or(rules[i], "group"));
      if (!group.empty() && datacenter_ != nullptr &&
          !names_in(*datacenter_, "groups").contains(group)) {
        report(place, "security group", group);
      }
      for (const char* end : {"source", "dest"}) check_words(place, get(rules[i], end));
    }
  }

  void check_words(const std::string& place, const Json& words) {
    if (!words.is_array()) return check_word(place, as_text(words));
    for (const Json& word : words) check_word(place, as_text(word));
  }

  // What is only known on the host (networks of its own, of SDN) is left to it.
  void check_word(const std::string& place, const std::string& word) {
    const auto thing = read_name(word);
    if (!thing || thing->level == "sdn" || thing->name == "local_network") return;
    const char* list = thing->is_set ? "ipsets" : "aliases";
    const bool here = thing->level != "dc" && names_in(firewall_.spec, list).contains(thing->name);
    if (here) return;
    if (thing->level != "guest") {
      if (datacenter_ == nullptr) return;
      if (names_in(*datacenter_, list).contains(thing->name)) return;
    }
    report(place, thing->is_set ? "IP set" : "alias", thing->name);
  }

  void report(const std::string& place, std::string_view what, const std::string& name) {
    reading_.error(
        firewall_.place_of(place),
        "a name that no firewall has",
        fmt::format("No {} is called {} in {} or the datacenter's firewall, which is declared as a "
                    "whole.",
                    what,
                    name,
                    to_string(firewall_.address)));
  }

  const Resource& firewall_;
  Reading& reading_;
  const Json* datacenter_ = nullptr;
};

}  // namespace

void check_firewall_names(const Resource& firewall, Reading& reading) {
  NameCheck(firewall, reading).check();
}

}  // namespace aegis
