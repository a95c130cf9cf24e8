#include "manifest/compose/kernel_forms.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "base/text.h"
#include "manifest/compose/form.h"
#include "manifest/compose/report.h"
#include "manifest/compose/scalars.h"

namespace aegis::compose {
namespace {

constexpr std::int64_t k_smallest_weight = 10;
constexpr std::int64_t k_largest_weight = 1000;

std::optional<Node> read_weight(const Node& value, Diagnostics& diagnostics) {
  // 0 stands for the kernel's own weight.
  if (value.text == "0") return read_count(value, diagnostics);
  return read_integer(value, k_smallest_weight, k_largest_weight, diagnostics);
}

bool is_path(const std::string& text) {
  return text.starts_with('/');
}

std::optional<Node> read_device_path(const Node& value, Diagnostics& diagnostics) {
  return read_text_that(value, is_path, "an absolute path of a device", diagnostics);
}

// Both keys, or a message that says which is missing.
std::optional<Node> with_both(std::optional<Node> device,
                              const Node& value,
                              std::string_view second,
                              Diagnostics& diagnostics) {
  if (!device) return std::nullopt;
  for (const std::string_view key : {std::string_view("path"), second}) {
    const Node* found = device->find(key);
    if (found != nullptr && found->type == Node::Type::null) return std::nullopt;
    if (found != nullptr) continue;
    error(diagnostics,
          value.where,
          "missing key",
          fmt::format("`{}` needs `path` and `{}`.", value.path, second));
    return std::nullopt;
  }
  return device;
}

std::optional<Node> read_device_weight(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 2> k_fields{{{"path", read_device_path}, {"weight", read_weight}}};
  return with_both(read_object(value, k_fields, diagnostics), value, "weight", diagnostics);
}

std::optional<Node> read_device_rate(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 2> k_fields{{{"path", read_device_path}, {"rate", read_bytes}}};
  return with_both(read_object(value, k_fields, diagnostics), value, "rate", diagnostics);
}

std::optional<Node> read_device_weights(const Node& value, Diagnostics& diagnostics) {
  return read_list(value, read_device_weight, "a list of devices with weights", diagnostics);
}

std::optional<Node> read_device_rates(const Node& value, Diagnostics& diagnostics) {
  return read_list(value, read_device_rate, "a list of devices with rates", diagnostics);
}

bool is_number_or_any(const std::string& text) {
  return text == "*" || (parse_decimal(text).value_or(-1) >= 0);
}

bool is_device_rule(const std::string& text) {
  const auto pieces = split(text, ' ');
  if (pieces.size() != 3 || pieces[0].size() != 1) return false;
  const auto numbers = split(pieces[1], ':');
  const bool known_type = std::string_view("abc").find(pieces[0]) != std::string_view::npos;
  return known_type && numbers.size() == 2 && is_number_or_any(numbers[0]) &&
         is_number_or_any(numbers[1]) && !pieces[2].empty() && pieces[2].size() <= 3 &&
         pieces[2].find_first_not_of("rwm") == std::string::npos;
}

std::optional<Node> read_device_rule(const Node& value, Diagnostics& diagnostics) {
  return read_text_that(
      value, is_device_rule, "a rule such as \"c 1:3 rwm\" or \"a *:* rw\"", diagnostics);
}

}  // namespace

std::optional<Node> read_blkio(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 6> k_fields{{
      {"weight", read_weight},
      {"weight_device", read_device_weights},
      {"device_read_bps", read_device_rates},
      {"device_read_iops", read_device_rates},
      {"device_write_bps", read_device_rates},
      {"device_write_iops", read_device_rates},
  }};
  return read_object(value, k_fields, diagnostics);
}

std::optional<Node> read_device_rules(const Node& value, Diagnostics& diagnostics) {
  return read_list(value, read_device_rule, "a list of rules for devices", diagnostics);
}

std::optional<Node> read_cgroup(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 2> k_modes{"host", "private"};
  return read_word(value, k_modes, diagnostics);
}

std::optional<Node> read_host(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 1> k_modes{"host"};
  return read_word(value, k_modes, diagnostics);
}

std::optional<Node> read_isolation(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 1> k_modes{"default"};
  const auto mode = read_text(value, diagnostics);
  if (mode && (mode->text == "hyperv" || mode->text == "process")) {
    error(diagnostics,
          value.where,
          "not possible here",
          fmt::format("`{}`: {} is for Windows containers.", value.path, mode->text));
    return std::nullopt;
  }
  return mode ? read_word(*mode, k_modes, diagnostics) : std::nullopt;
}

std::optional<Node> read_oom_score(const Node& value, Diagnostics& diagnostics) {
  constexpr std::int64_t k_limit = 1000;
  return read_integer(value, -k_limit, k_limit, diagnostics);
}

std::optional<Node> read_swappiness(const Node& value, Diagnostics& diagnostics) {
  constexpr std::int64_t k_limit = 100;
  return read_integer(value, 0, k_limit, diagnostics);
}

std::optional<Node> read_cpu_quota(const Node& value, Diagnostics& diagnostics) {
  if (value.text == "-1") return read_limit(value, diagnostics);
  return read_microseconds(value, diagnostics);
}

}  // namespace aegis::compose
