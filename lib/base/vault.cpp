#include "base/vault.h"

#include "base/digest.h"

namespace aegis {
namespace {

constexpr std::string_view k_seal = "$sealed";
constexpr std::size_t k_key_bytes = 32;

template <class Replace>
Json replace_seals(const Json& value, const Replace& replace) {
  if (is_sealed(value)) return replace(value);
  if (!value.is_structured()) return value;
  Json copy = value;
  for (Json& member : copy) member = replace_seals(member, replace);
  return copy;
}

}  // namespace

Vault::Vault() : key_(random_bytes(k_key_bytes)) {}

Json Vault::seal(std::string_view plaintext) {
  std::string name = hmac_sha256_hex(key_, plaintext);
  const std::scoped_lock lock(mutex_);
  secrets_.try_emplace(name, std::string(plaintext));
  return Json{{k_seal, std::move(name)}};
}

std::optional<Secret> Vault::open(const Json& seal) const {
  if (!is_sealed(seal)) return std::nullopt;
  const std::scoped_lock lock(mutex_);
  const auto found = secrets_.find(seal.at(k_seal).get_ref<const std::string&>());
  if (found == secrets_.end()) return std::nullopt;
  return found->second;
}

Json Vault::reveal_all(const Json& value) const {
  return replace_seals(value, [this](const Json& seal) -> Json {
    const auto secret = open(seal);
    return secret ? Json(secret->reveal()) : Json();
  });
}

bool is_sealed(const Json& value) {
  return value.is_object() && value.size() == 1 && value.contains(k_seal) &&
         value.at(k_seal).is_string();
}

Json redacted(const Json& value) {
  return replace_seals(value, [](const Json&) -> Json { return k_redacted; });
}

}  // namespace aegis
