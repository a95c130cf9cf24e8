#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/secret.h"

namespace aegis {

/// Where secret values live while the process runs. Specs, observations, plans and steps carry only
/// *seals*: `{"$sealed": "<HMAC under a random key of this process>"}`. Equal values have equal
/// seals, so a diff sees a change without seeing the value; a seal that is printed or saved tells
/// nothing. Thread-safe.
class Vault {
 public:
  Vault();

  /// The seal of `plaintext`; the value can be opened again through this vault.
  Json seal(std::string_view plaintext);

  /// The secret behind `seal`, or nothing when it is not a seal of this vault.
  [[nodiscard]] std::optional<Secret> open(const Json& seal) const;

  /// `value` with every seal in it replaced by its plaintext. For building a request at the moment
  /// it is sent; the result must not be kept, logged or planned.
  [[nodiscard]] Json reveal_all(const Json& value) const;

 private:
  mutable std::mutex mutex_;
  std::string key_;
  std::map<std::string, Secret, std::less<>> secrets_;
};

/// True for `{"$sealed": ...}`.
bool is_sealed(const Json& value);

/// `value` with every seal in it replaced by the text "[redacted]": for people and for files.
Json redacted(const Json& value);

}  // namespace aegis
