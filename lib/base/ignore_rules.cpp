#include "base/ignore_rules.h"

#include <fnmatch.h>

#include <algorithm>
#include <filesystem>
#include <span>

#include "base/text.h"

namespace aegis {
namespace {

using Pieces = std::span<const std::string>;

// Does the pattern match the path, or a folder that it is in?
bool matches(Pieces pattern, Pieces path) {
  if (pattern.empty()) return true;
  if (pattern.front() == "**") {
    for (std::size_t skipped = 0; skipped <= path.size(); ++skipped) {
      // A last ** stands for something, not for nothing.
      if (pattern.size() == 1 && skipped == 0) continue;
      if (matches(pattern.subspan(1), path.subspan(skipped))) return true;
    }
    return false;
  }
  if (path.empty()) return false;
  return ::fnmatch(pattern.front().c_str(), path.front().c_str(), 0) == 0 &&
         matches(pattern.subspan(1), path.subspan(1));
}

}  // namespace

IgnoreRules::IgnoreRules(std::string_view text) {
  for (const std::string& whole : split(text, '\n')) {
    std::string_view line = trim(whole);
    if (line.empty() || whole.starts_with('#')) continue;
    Rule rule;
    rule.takes_back = line.starts_with('!');
    if (rule.takes_back) line = trim(line.substr(1));
    const std::string path = std::filesystem::path(line).lexically_normal().string();
    rule.pieces = split_any(path, "/");
    std::erase(rule.pieces, ".");
    if (!rule.pieces.empty()) rules_.push_back(std::move(rule));
  }
}

bool IgnoreRules::ignores(const std::string& path) const {
  const auto pieces = split_any(path, "/");
  bool ignored = false;
  for (const Rule& rule : rules_) {
    if (ignored == rule.takes_back && matches(rule.pieces, pieces)) ignored = !rule.takes_back;
  }
  return ignored;
}

bool IgnoreRules::ignores_all_below(const std::string& folder) const {
  const bool takes_back =
      std::any_of(rules_.begin(), rules_.end(), [](const Rule& rule) { return rule.takes_back; });
  return !takes_back && ignores(folder);
}

}  // namespace aegis
