#include "model/plan.h"

#include <array>
#include <utility>

namespace aegis {
namespace {

constexpr std::array<std::pair<Disruption, std::string_view>, 6> k_disruptions{{
    {Disruption::none, "none"},
    {Disruption::reload, "reload"},
    {Disruption::restart_service, "restart service"},
    {Disruption::reboot_container, "reboot container"},
    {Disruption::recreate, "recreate"},
    {Disruption::data_loss, "data loss"},
}};

constexpr std::array<std::pair<Action, std::string_view>, 5> k_actions{{
    {Action::create, "create"},
    {Action::update, "update"},
    {Action::replace, "replace"},
    {Action::adopt, "adopt"},
    {Action::remove, "remove"},
}};

template <class Value, std::size_t size>
std::string_view name_of(const std::array<std::pair<Value, std::string_view>, size>& table,
                         Value wanted) {
  for (const auto& [value, name] : table) {
    if (value == wanted) return name;
  }
  return {};
}

template <class Value, std::size_t size>
std::optional<Value> value_of(const std::array<std::pair<Value, std::string_view>, size>& table,
                              std::string_view wanted) {
  for (const auto& [value, name] : table) {
    if (name == wanted) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Disruption disruption) {
  return name_of(k_disruptions, disruption);
}

std::optional<Disruption> parse_disruption(std::string_view text) {
  return value_of(k_disruptions, text);
}

std::string_view to_string(Door door) {
  return door == Door::api ? "api" : "root";
}

std::string_view to_string(Action action) {
  return name_of(k_actions, action);
}

std::optional<Action> parse_action(std::string_view text) {
  return value_of(k_actions, text);
}

}  // namespace aegis
