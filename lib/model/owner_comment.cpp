#include "model/owner_comment.h"

#include <fmt/format.h>

#include "base/text.h"

namespace aegis {
namespace {

constexpr std::string_view k_owner = "aegisctl";
constexpr std::string_view k_separator = ": ";

}  // namespace

std::string owned_comment(std::string_view text) {
  if (text.empty()) return std::string(k_owner);
  return fmt::format("{}{}{}", k_owner, k_separator, text);
}

bool is_owned_comment(std::string_view comment) {
  // Proxmox may hand a comment back with a line end.
  const std::string_view text = trim(comment);
  if (!text.starts_with(k_owner)) return false;
  const std::string_view rest = text.substr(k_owner.size());
  return rest.empty() || rest.starts_with(trim(k_separator));
}

std::string_view without_owner(std::string_view comment) {
  std::string_view text = trim(comment);
  if (!is_owned_comment(text)) return text;
  text.remove_prefix(k_owner.size());
  if (!text.empty()) text.remove_prefix(1);
  return trim(text);
}

}  // namespace aegis
