#include "manifest/compose/variable.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace aegis::compose {
namespace {

constexpr std::array<std::string_view, 8> k_secret_parts{
    "pass", "pwd", "secret", "token", "key", "credential", "private", "auth"};

constexpr std::array<std::string_view, 10> k_secret_words{"pass",
                                                          "passwd",
                                                          "password",
                                                          "passphrase",
                                                          "pwd",
                                                          "secret",
                                                          "secrets",
                                                          "token",
                                                          "credential",
                                                          "credentials"};

}  // namespace

Secrecy secrecy_of_name(std::string_view name) {
  if (name == "PWD" || name == "OLDPWD") return Secrecy::none;
  const std::string lower = to_lower(name);
  const std::string last = lower.substr(lower.find_last_of("_-.") + 1);
  const auto is_last = [&](std::string_view word) { return last == word; };
  if (std::any_of(k_secret_words.begin(), k_secret_words.end(), is_last)) return Secrecy::certain;
  const auto is_part = [&](std::string_view part) { return lower.find(part) != std::string::npos; };
  const bool likely = std::any_of(k_secret_parts.begin(), k_secret_parts.end(), is_part);
  return likely ? Secrecy::likely : Secrecy::none;
}

bool is_secret_name(std::string_view name) {
  return secrecy_of_name(name) != Secrecy::none;
}

Variables as_variables(const Environment& environment) {
  return [environment](const std::string& name) -> std::optional<Variable> {
    auto value = environment(name);
    if (!value) return std::nullopt;
    return Variable{std::move(*value), secrecy_of_name(name)};
  };
}

Environment values_of(const Variables& variables) {
  return [variables](const std::string& name) -> std::optional<std::string> {
    auto variable = variables(name);
    if (!variable) return std::nullopt;
    return std::move(variable->value);
  };
}

}  // namespace aegis::compose
