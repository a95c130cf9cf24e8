#include "base/scrub.h"

namespace aegis {
namespace {

constexpr std::size_t k_shortest = 3;

std::string without(std::string text, const std::string& secret) {
  for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
    text.replace(at, secret.size(), k_redacted);
    at += k_redacted.size();
  }
  return text;
}

}  // namespace

std::string scrub(std::string text, const Json& value, const Vault& vault) {
  if (is_sealed(value)) {
    const auto secret = vault.open(value);
    const bool is_told = secret && secret->reveal().size() >= k_shortest;
    return is_told ? without(std::move(text), secret->reveal()) : text;
  }
  if (!value.is_structured()) return text;
  for (const Json& member : value) text = scrub(std::move(text), member, vault);
  return text;
}

}  // namespace aegis
