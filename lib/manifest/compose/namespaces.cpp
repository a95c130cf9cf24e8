#include "manifest/compose/namespaces.h"

#include <array>
#include <span>
#include <string_view>

#include "manifest/compose/report.h"
#include "manifest/compose/scalars.h"

namespace aegis::compose {
namespace {

constexpr std::string_view k_service = "service:";
constexpr std::string_view k_container = "container:";

std::optional<Node> read_mode(const Node& value,
                              std::span<const std::string_view> modes,
                              Diagnostics& diagnostics) {
  if (!value.is_scalar() || !is_shared(value.text)) return read_word(value, modes, diagnostics);
  if (value.text != k_service && value.text != k_container) return read_text(value, diagnostics);
  wrong_value(diagnostics, value, "followed by a name");
  return std::nullopt;
}

}  // namespace

std::optional<Node> read_network_mode(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 3> k_modes{"bridge", "host", "none"};
  return read_mode(value, k_modes, diagnostics);
}

std::optional<Node> read_pid(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 1> k_modes{"host"};
  return read_mode(value, k_modes, diagnostics);
}

std::optional<Node> read_ipc(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 4> k_modes{"host", "private", "shareable", "none"};
  return read_mode(value, k_modes, diagnostics);
}

std::string shared_service(const std::string& mode) {
  return mode.starts_with(k_service) ? mode.substr(k_service.size()) : "";
}

bool is_shared(const std::string& mode) {
  return mode.starts_with(k_service) || mode.starts_with(k_container);
}

}  // namespace aegis::compose
