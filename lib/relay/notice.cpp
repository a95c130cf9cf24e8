#include "relay/notice.h"

#include <algorithm>

#include "base/utf8.h"

namespace aegis::relay {
namespace {

constexpr std::string_view k_ellipsis = "…";

// Characters above U+FFFF, which take four bytes, are two units.
std::size_t units_of(std::size_t bytes) {
  return bytes == 4 ? 2 : 1;
}

}  // namespace

std::string headline(const Notice& notice) {
  return (notice.state == "resolved" ? "RESOLVED: " : "FIRING: ") + notice.title;
}

std::string cut_text(std::string_view text, std::size_t most) {
  std::size_t units = 0;
  std::size_t fitting = 0;  // bytes that leave room for the ellipsis
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t bytes = std::max<std::size_t>(utf8_length(text.substr(at)), 1);
    units += units_of(bytes);
    at += bytes;
    if (units + 1 <= most) fitting = at;
    if (units > most) return std::string(text.substr(0, fitting)).append(k_ellipsis);
  }
  return std::string(text);
}

Json to_json(const Notice& notice) {
  return {{"state", notice.state},
          {"severity", notice.severity},
          {"title", notice.title},
          {"text", notice.text}};
}

Notice notice_from(const Json& value) {
  return {text_or(value, "state"),
          text_or(value, "severity"),
          text_or(value, "title"),
          text_or(value, "text")};
}

}  // namespace aegis::relay
