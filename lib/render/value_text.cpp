#include "render/value_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/secret.h"
#include "base/text.h"
#include "base/units.h"
#include "base/vault.h"
#include "render/terminal_text.h"

namespace aegis {
namespace {

constexpr std::array<std::string_view, 8> k_byte_attributes{"memory",
                                                            "swap",
                                                            "size",
                                                            "mem_limit",
                                                            "mem_reservation",
                                                            "memswap_limit",
                                                            "shm_size",
                                                            "mem_swap_limit"};

bool holds_bytes(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  const std::string_view name = dot == std::string_view::npos ? path : path.substr(dot + 1);
  return std::find(k_byte_attributes.begin(), k_byte_attributes.end(), name) !=
         k_byte_attributes.end();
}

}  // namespace

std::string disturbance_of(const Change& change) {
  const std::string name = harmless(to_string(change.address));
  if (change.destroys_data) return fmt::format("destroys {} with its data", name);
  switch (change.disruption) {
    case Disruption::none:
      return {};
    case Disruption::reload:
      return fmt::format("reloads {}", name);
    case Disruption::restart_service:
      return fmt::format("restarts {}", name);
    case Disruption::reboot_container:
      return fmt::format("reboots {}", name);
    case Disruption::recreate:
      return change.action == Action::remove ? fmt::format("removes {}", name)
                                             : fmt::format("recreates {}", name);
    case Disruption::data_loss:
      return fmt::format("loses data of {}", name);
  }
  return {};
}

std::string disturbances_of(const Plan& plan) {
  constexpr std::size_t k_most_named = 8;
  std::vector<const Change*> disturbing;
  for (const Change& change : plan.changes) {
    const bool made = change.blocked.empty() && change.action != Action::create;
    if (made && !disturbance_of(change).empty()) disturbing.push_back(&change);
  }
  std::stable_sort(disturbing.begin(), disturbing.end(), [](const Change* a, const Change* b) {
    return a->disruption > b->disruption;
  });
  std::vector<std::string> phrases;
  for (const Change* change : disturbing) {
    // What loses data is always named.
    if (phrases.size() >= k_most_named && !change->destroys_data) break;
    phrases.push_back(disturbance_of(*change));
  }
  if (phrases.empty()) return {};
  if (phrases.size() < disturbing.size()) {
    phrases.push_back(fmt::format("disturbs {} more", disturbing.size() - phrases.size()));
  }
  return fmt::format("This {}.", list_words(phrases));
}

bool holds_secret(const Json& value) {
  if (is_sealed(value) || value == k_redacted) return true;
  return value.is_structured() && std::any_of(value.begin(), value.end(), holds_secret);
}

std::string format_value(std::string_view path, const Json& value) {
  if (is_sealed(value) || value == k_redacted) return std::string(k_redacted);
  if (value.is_null()) return "(none)";
  if (value.is_number_integer() && holds_bytes(path) && value.get<std::int64_t>() >= 1024) {
    return format_size(value.get<std::int64_t>());
  }
  return harmless(dump_json(redacted(value)));
}

std::string_view symbol_of(Action action) {
  switch (action) {
    case Action::create:
      return "+";
    case Action::update:
      return "~";
    case Action::replace:
      return "-/+";
    case Action::adopt:
      return "=";
    case Action::remove:
      return "-";
  }
  return "?";
}

std::string count_changes(const Plan& plan) {
  const auto count = [&](Action action) {
    return std::count_if(plan.changes.begin(), plan.changes.end(), [&](const Change& change) {
      return change.action == action && change.blocked.empty();
    });
  };
  std::string text =
      fmt::format("{} to create, {} to change", count(Action::create), count(Action::update));
  if (count(Action::replace) > 0) text += fmt::format(", {} to replace", count(Action::replace));
  if (count(Action::adopt) > 0) text += fmt::format(", {} to adopt", count(Action::adopt));
  return text + fmt::format(", {} to remove", count(Action::remove));
}

std::size_t count_blocked(const Plan& plan) {
  return static_cast<std::size_t>(
      std::count_if(plan.changes.begin(), plan.changes.end(), [](const Change& change) {
        return !change.blocked.empty();
      }));
}

}  // namespace aegis
