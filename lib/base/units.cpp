#include "base/units.h"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <cmath>
#include <utility>

#include "base/text.h"

namespace aegis {
namespace {

struct DurationUnit {
  std::string_view name;
  std::int64_t nanoseconds;
};

// "ms" stands before "m" and "s": the first name that matches wins.
constexpr std::array<DurationUnit, 8> k_duration_units{{
    {"ms", 1'000'000},
    {"us", 1'000},
    {"ns", 1},
    {"w", 604'800'000'000'000},
    {"d", 86'400'000'000'000},
    {"h", 3'600'000'000'000},
    {"m", 60'000'000'000},
    {"s", 1'000'000'000},
}};

// The number at the start of `text`, and what follows it. No sign, no exponent.
std::optional<std::pair<double, std::string_view>> leading_number(std::string_view text) {
  std::size_t end = 0;
  bool dot = false;
  while (end < text.size() &&
         (std::isdigit(static_cast<unsigned char>(text[end])) != 0 || (text[end] == '.' && !dot))) {
    dot = dot || text[end] == '.';
    ++end;
  }
  if (end == 0 || text[end - 1] == '.' || text.front() == '.') return std::nullopt;
  return std::pair{std::stod(std::string(text.substr(0, end))), text.substr(end)};
}

std::optional<std::int64_t> scaled(double number, double factor) {
  const double product = number * factor;
  if (product >= 9.2e18 || std::floor(product) != product) return std::nullopt;
  return static_cast<std::int64_t>(product);
}

std::optional<double> size_factor(std::string_view unit) {
  constexpr std::string_view k_prefixes = "kmgtp";
  std::string name = to_lower(unit);
  if (name.empty() || name == "b") return 1.0;
  const std::size_t power = k_prefixes.find(name.front());
  if (power == std::string_view::npos) return std::nullopt;
  const std::string_view rest = std::string_view(name).substr(1);
  if (!rest.empty() && rest != "b" && rest != "ib" && rest != "i") return std::nullopt;
  return std::pow(1024.0, static_cast<double>(power + 1));
}

}  // namespace

std::optional<std::int64_t> parse_size(std::string_view text) {
  const auto number = leading_number(trim(text));
  if (!number) return std::nullopt;
  const auto factor = size_factor(trim(number->second));
  if (!factor) return std::nullopt;
  return scaled(number->first, *factor);
}

std::string format_size(std::int64_t bytes) {
  constexpr std::array<std::string_view, 6> k_units{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t unit = 0;
  while (bytes != 0 && bytes % 1024 == 0 && unit + 1 < k_units.size()) {
    bytes /= 1024;
    ++unit;
  }
  return fmt::format("{}{}", bytes, k_units[unit]);
}

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  std::string_view rest = trim(text);
  if (rest.empty()) return std::nullopt;
  double total = 0;
  while (!rest.empty()) {
    const auto number = leading_number(rest);
    if (!number) return std::nullopt;
    const DurationUnit* found = nullptr;
    for (const DurationUnit& unit : k_duration_units) {
      if (found == nullptr && number->second.starts_with(unit.name)) found = &unit;
    }
    if (found == nullptr) return std::nullopt;
    total += number->first * static_cast<double>(found->nanoseconds);
    rest = number->second.substr(found->name.size());
  }
  if (total >= 9.2e18) return std::nullopt;
  return std::chrono::nanoseconds(static_cast<std::int64_t>(total));
}

std::string format_duration(std::chrono::nanoseconds duration) {
  constexpr std::array<DurationUnit, 7> k_descending{{{"d", 86'400'000'000'000},
                                                      {"h", 3'600'000'000'000},
                                                      {"m", 60'000'000'000},
                                                      {"s", 1'000'000'000},
                                                      {"ms", 1'000'000},
                                                      {"us", 1'000},
                                                      {"ns", 1}}};
  std::string text;
  std::int64_t rest = duration.count();
  for (const DurationUnit& unit : k_descending) {
    if (rest < unit.nanoseconds) continue;
    text += fmt::format("{}{}", rest / unit.nanoseconds, unit.name);
    rest %= unit.nanoseconds;
  }
  return text.empty() ? "0s" : text;
}

}  // namespace aegis
