#pragma once

#include <string>

#include "base/json.h"
#include "base/vault.h"

namespace aegis {

/// `text` with the plaintext of every seal in `value` replaced by "[redacted]": for what others say
/// about a request that held secrets. Plaintexts of less than three bytes stay, because they cannot
/// be told from ordinary text.
std::string scrub(std::string text, const Json& value, const Vault& vault);

}  // namespace aegis
