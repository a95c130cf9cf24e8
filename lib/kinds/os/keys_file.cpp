#include "kinds/os/keys_file.h"

#include <fmt/format.h>

#include "base/text.h"

namespace aegis::os {
namespace {

constexpr std::string_view k_begin = "# aegisctl: the keys from here on are managed";
constexpr std::string_view k_end = "# aegisctl: end";

bool is_key(std::string_view line) {
  return !line.empty() && line.front() != '#';
}

}  // namespace

std::vector<std::string> keys_in(std::string_view text, bool whole) {
  std::vector<std::string> keys;
  bool is_ours = whole;
  for (const std::string& raw : split(text, '\n')) {
    const std::string line(trim(raw));
    if (!whole && line == k_begin) is_ours = true;
    if (!whole && line == k_end) is_ours = false;
    if (is_ours && is_key(line)) keys.push_back(line);
  }
  return keys;
}

std::string with_keys(std::string_view text, const std::vector<std::string>& keys, bool whole) {
  std::string result;
  bool is_ours = false;
  std::vector<std::string> lines = split(text, '\n');
  if (lines.back().empty()) lines.pop_back();
  for (const std::string& line : lines) {
    if (whole) break;
    if (trim(line) == k_begin) is_ours = true;
    if (!is_ours) result += line + "\n";
    if (trim(line) == k_end) is_ours = false;
  }
  if (keys.empty()) return result;
  return fmt::format("{}{}\n{}\n{}\n", result, k_begin, join(keys, "\n"), k_end);
}

}  // namespace aegis::os
