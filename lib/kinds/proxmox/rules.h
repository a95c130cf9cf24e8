#pragma once

#include <string_view>

#include "kinds/kind.h"

namespace aegis::proxmox {

// Short ways to write the rules of guests.

constexpr AttributeRule changes(std::string_view path,
                                Disruption disruption,
                                std::string_view note = {}) {
  AttributeRule rule{};
  rule.path = path;
  rule.disruption = disruption;
  rule.note = note;
  return rule;
}

/// Changes while the guest runs.
constexpr AttributeRule hot(std::string_view path, std::string_view note = {}) {
  return changes(path, Disruption::none, note);
}

/// A device that is plugged in anew.
constexpr AttributeRule replug(std::string_view path, std::string_view note = {}) {
  return changes(path, Disruption::reload, note);
}

/// In force after a restart.
constexpr AttributeRule reboot(std::string_view path, std::string_view note = {}) {
  return changes(path, Disruption::reboot_container, note);
}

/// Only another guest can have another value.
constexpr AttributeRule fixed(std::string_view path, std::string_view note) {
  AttributeRule rule = hot(path, note);
  rule.immutable = true;
  return rule;
}

/// Never read back.
constexpr AttributeRule only_when_made(std::string_view path, std::string_view note) {
  AttributeRule rule = hot(path, note);
  rule.write_only = true;
  return rule;
}

constexpr AttributeRule as_set(AttributeRule rule) {
  rule.compare = Compare::as_set;
  return rule;
}

constexpr AttributeRule by_root(AttributeRule rule) {
  rule.door = Door::root;
  return rule;
}

}  // namespace aegis::proxmox
