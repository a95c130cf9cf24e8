#include "render/backup_words.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace aegis {

std::string rough_age(std::int64_t seconds) {
  constexpr std::array<std::pair<std::int64_t, char>, 3> k_units{
      {{86400, 'd'}, {3600, 'h'}, {60, 'm'}}};
  const std::int64_t age = std::max<std::int64_t>(seconds, 0);
  for (const auto& [length, unit] : k_units) {
    if (age >= 2 * length) return fmt::format("{}{}", age / length, unit);
  }
  return fmt::format("{}s", age);
}

std::string rough_size(std::int64_t bytes) {
  constexpr std::int64_t k_gibibyte = std::int64_t{1} << 30;
  if (bytes < k_gibibyte) return fmt::format("{:.1f}MiB", static_cast<double>(bytes) / (1 << 20));
  return fmt::format("{:.1f}GiB", static_cast<double>(bytes) / static_cast<double>(k_gibibyte));
}

std::string newest_words(const Copy& copy, std::int64_t now) {
  return fmt::format("{:%Y-%m-%d %H:%M} UTC, {} ago: {}, {}",
                     as_time(copy.time),
                     rough_age(now - copy.time),
                     copy.name,
                     rough_size(copy.size));
}

std::string labelled_line(std::string_view label, const std::string& text) {
  return fmt::format("  {:<11}{}\n", label, text);
}

Json copy_json(const Copy& copy, std::int64_t now) {
  Json json{{"name", copy.name},
            {"time", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", as_time(copy.time))},
            {"age", now - copy.time},
            {"size", copy.size},
            {"protected", copy.is_protected}};
  if (!copy.flaw.empty()) json["flaw"] = copy.flaw;
  return json;
}

}  // namespace aegis
