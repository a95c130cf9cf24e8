#pragma once

#include <string>
#include <string_view>

namespace aegis {

/// The owner marker of objects that have a comment and no tags: the comment "aegisctl", or
/// "aegisctl: TEXT" where the manifest says TEXT.

/// The comment to write for the manifest's `text`, which may be empty.
std::string owned_comment(std::string_view text);

/// True when `comment` carries the marker.
bool is_owned_comment(std::string_view comment);

/// `comment` without the marker: what a manifest would say.
std::string_view without_owner(std::string_view comment);

}  // namespace aegis
