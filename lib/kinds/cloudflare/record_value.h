#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/json.h"

namespace aegis::cloudflare {

/// The types of records that can be declared.
inline constexpr std::array<std::string_view, 7> k_record_types{
    "A", "AAAA", "CAA", "CNAME", "MX", "SRV", "TXT"};

bool is_declarable(std::string_view type);

/// True for what Cloudflare can stand in front of: A, AAAA and CNAME.
bool is_proxiable(std::string_view type);

/// A value of a manifest in the one form that equal values have: names without their last dot and
/// in lower case, addresses as short as they get, one blank between the parts of "10 mail".
std::string canonical_value(std::string_view type, const std::string& text);

/// The value of a record of Cloudflare's, in that form.
std::string value_of(const Json& record);

/// The fields of Cloudflare's that say it: content, with priority for MX; data for SRV and CAA.
Json value_fields(std::string_view type, const std::string& value);

}  // namespace aegis::cloudflare
