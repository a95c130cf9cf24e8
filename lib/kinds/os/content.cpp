#include "kinds/os/content.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "base/units.h"
#include "base/utf8.h"
#include "kinds/os/fact_script.h"

namespace aegis::os {

Json shown_digest(const std::string& sha256, std::int64_t size) {
  return fmt::format("sha256:{}, {}", sha256, format_size(size));
}

Json shown_content(const std::string& bytes) {
  if (bytes.size() <= k_most_content && is_text(bytes)) return bytes;
  return shown_digest(sha256_hex(bytes), static_cast<std::int64_t>(bytes.size()));
}

Json wanted_content(const Json& spec) {
  const Json& content = get(spec, "content");
  if (is_sealed(content)) return content;
  if (content.is_string()) return shown_content(content.get_ref<const std::string&>());
  return shown_digest(text_or(spec, "digest"), as_integer(get(spec, "size")).value_or(0));
}

std::string wanted_digest(const Json& spec, const Vault& vault) {
  const Json& digest = get(spec, "digest");
  if (digest.is_string()) return digest.get<std::string>();
  const auto payload = vault.open(get(spec, "payload"));
  return payload ? sha256_hex(payload->reveal()) : std::string();
}

bool wants_live_text(const Json& spec, const PathFacts& seen, const Inventory::Entry* entry) {
  if (seen.type != PathFacts::Type::file || seen.size > static_cast<std::int64_t>(k_most_content)) {
    return false;
  }
  const bool is_shown = entry != nullptr ? !entry->secret : seen.is_public();
  return is_shown && get(spec, "digest").is_string() && get(spec, "digest") != seen.sha256;
}

Json live_content(const Json& spec, const PathFacts& seen, const std::string* text, Vault& vault) {
  Json wanted = wanted_content(spec);
  if (wanted_digest(spec, vault) == seen.sha256) return wanted;
  // Another seal, which says no more than that it is another value.
  if (is_sealed(wanted)) return vault.seal(fmt::format("what is there: {}", seen.sha256));
  return text == nullptr ? shown_digest(seen.sha256, seen.size) : shown_content(*text);
}

}  // namespace aegis::os
