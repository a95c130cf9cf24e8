#include "base/utf8.h"

#include <array>

namespace aegis {
namespace {

// Well-formed sequences by their first byte, and what the second may be: table 3-7 of the Unicode
// standard. All later bytes are 80..bf.
struct Form {
  unsigned first_from;
  unsigned first_to;
  unsigned second_from;
  unsigned second_to;
  std::size_t length;
};
constexpr std::array<Form, 8> k_forms{{
    {0xc2, 0xdf, 0x80, 0xbf, 2},
    {0xe0, 0xe0, 0xa0, 0xbf, 3},
    {0xe1, 0xec, 0x80, 0xbf, 3},
    {0xed, 0xed, 0x80, 0x9f, 3},
    {0xee, 0xef, 0x80, 0xbf, 3},
    {0xf0, 0xf0, 0x90, 0xbf, 4},
    {0xf1, 0xf3, 0x80, 0xbf, 4},
    {0xf4, 0xf4, 0x80, 0x8f, 4},
}};

bool is_between(char c, unsigned from, unsigned to) {
  const unsigned byte = static_cast<unsigned char>(c);
  return byte >= from && byte <= to;
}

bool has_form(std::string_view text, const Form& form) {
  if (text.size() < form.length || !is_between(text[0], form.first_from, form.first_to))
    return false;
  if (!is_between(text[1], form.second_from, form.second_to)) return false;
  for (std::size_t i = 2; i < form.length; ++i) {
    if (!is_between(text[i], 0x80, 0xbf)) return false;
  }
  return true;
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
  if (text.empty() || is_between(text[0], 0, 0x7f)) return 1;
  for (const Form& form : k_forms) {
    if (has_form(text, form)) return form.length;
  }
  return 0;
}

bool is_text(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t length = bytes.front() == '\0' ? 0 : utf8_length(bytes);
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

}  // namespace aegis
