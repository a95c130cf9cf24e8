#pragma once

#include <string>

#include "base/json.h"
#include "base/vault.h"
#include "kinds/os/facts.h"

namespace aegis::os {

/// A file's content as plans show it: its text; "<digest>, 3 MiB" when it is long or no text.
Json shown_content(const std::string& bytes);

/// The same where only the digest and the size are known.
Json shown_digest(const std::string& sha256, std::int64_t size);

/// The content that `spec` wants, in the form above; the seal of one that holds a secret.
Json wanted_content(const Json& spec);

/// The digest of the content that `spec` wants, as 64 hex digits.
std::string wanted_digest(const Json& spec, const Vault& vault);

/// True when what is there differs from `spec` and may be shown as text, so that it is worth
/// reading. What was or is to be a secret may not; neither may what is not ours and what not
/// everybody on that system may read.
bool wants_live_text(const Json& spec, const PathFacts& seen, const Inventory::Entry* entry);

/// The content that is there: in the form of the wanted one when it is the same, sealed where the
/// wanted one is a secret, else its text if it was read.
Json live_content(const Json& spec, const PathFacts& seen, const std::string* text, Vault& vault);

}  // namespace aegis::os
