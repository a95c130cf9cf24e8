#include "kinds/proxmox/property_string.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace aegis::proxmox {
namespace {

void append(std::string& text, std::string_view name, std::string_view value, bool bare) {
  if (!text.empty()) text += ',';
  if (!bare) text.append(name).append("=");
  text += value;
}

}  // namespace

Properties parse_properties(std::string_view text, std::string_view default_key) {
  Properties properties;
  for (const std::string& piece : split_any(text, ",")) {
    const std::string_view pair = trim(piece);
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) {
      if (!default_key.empty()) properties[std::string(default_key)] = pair;
    } else {
      properties[std::string(trim(pair.substr(0, equals)))] = trim(pair.substr(equals + 1));
    }
  }
  return properties;
}

std::string print_properties(const Properties& properties,
                             std::span<const std::string_view> first,
                             std::string_view default_key) {
  std::string text;
  for (const std::string_view name : first) {
    const auto property = properties.find(name);
    if (property != properties.end()) append(text, name, property->second, name == default_key);
  }
  for (const auto& [name, value] : properties) {
    if (std::find(first.begin(), first.end(), name) == first.end()) {
      append(text, name, value, name == default_key);
    }
  }
  return text;
}

Json to_json(const Properties& properties) {
  Json object = Json::object();
  for (const auto& [name, value] : properties) object[name] = value;
  return object;
}

std::string print_size(std::int64_t bytes) {
  constexpr std::array<std::string_view, 5> k_units{"", "K", "M", "G", "T"};
  std::size_t unit = 0;
  while (bytes != 0 && bytes % 1024 == 0 && unit + 1 < k_units.size()) {
    bytes /= 1024;
    ++unit;
  }
  return fmt::format("{}{}", bytes, k_units[unit]);
}

std::string print_gibibytes(std::int64_t bytes) {
  constexpr double k_gibibyte = 1024.0 * 1024.0 * 1024.0;
  std::string text = fmt::format("{:.9f}", static_cast<double>(bytes) / k_gibibyte);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

bool is_indexed(std::string_view key, std::string_view prefix) {
  if (!key.starts_with(prefix) || key.size() == prefix.size()) return false;
  key.remove_prefix(prefix.size());
  return std::all_of(key.begin(), key.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace aegis::proxmox
