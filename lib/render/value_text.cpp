#include "render/value_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/secret.h"
#include "base/units.h"
#include "base/vault.h"
#include "render/style.h"

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
  const std::string name = to_string(change.address);
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

std::string format_value(std::string_view path, const Json& value) {
  if (is_sealed(value)) return std::string(k_redacted);
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

}  // namespace aegis
