#include "manifest/compose/sealing.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace aegis::compose {
namespace {

constexpr std::array<std::string_view, 8> k_secret_words{
    "pass", "pwd", "secret", "token", "key", "credential", "private", "auth"};

constexpr std::string_view k_url_ends = " \t\r\n\"'";

}  // namespace

bool is_secret_name(std::string_view name) {
  const std::string lower = to_lower(name);
  return std::any_of(k_secret_words.begin(), k_secret_words.end(), [&](std::string_view word) {
    return lower.find(word) != std::string::npos;
  });
}

bool has_url_password(std::string_view text) {
  for (std::size_t at = text.find("://"); at != std::string_view::npos; at = text.find("://", at)) {
    at += 3;
    const std::string_view rest = text.substr(at);
    const std::string_view url = rest.substr(0, rest.find_first_of(k_url_ends));
    const std::size_t user_end = url.find('@');
    const std::size_t colon = url.find(':');
    if (user_end != std::string_view::npos && colon != std::string_view::npos &&
        colon + 1 < user_end)
      return true;
  }
  return false;
}

Json environment_json(std::string_view name, const Node& value, Vault& vault) {
  if (value.type == Node::Type::null) return nullptr;
  if (value.interpolated || is_secret_name(name) || has_url_password(value.text))
    return vault.seal(value.text);
  return value.text;
}

Json command_json(const Node& text, Vault& vault) {
  const bool secret = !text.secret.empty() || (text.interpolated && has_url_password(text.text));
  return secret ? vault.seal(text.text) : Json(text.text);
}

}  // namespace aegis::compose
