#include "render/terminal_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace aegis {
namespace {

using Range = std::pair<std::uint32_t, std::uint32_t>;

// Characters that show nothing but steer how the others are shown.
constexpr std::array<Range, 7> k_invisible{{{0x00ad, 0x00ad},
                                            {0x061c, 0x061c},
                                            {0x200b, 0x200f},
                                            {0x2028, 0x202e},
                                            {0x2060, 0x206f},
                                            {0xfeff, 0xfeff},
                                            {0xe0000, 0xe007f}}};
constexpr std::array<Range, 6> k_combining{{{0x0300, 0x036f},
                                            {0x0483, 0x0489},
                                            {0x1ab0, 0x1aff},
                                            {0x20d0, 0x20ff},
                                            {0xfe00, 0xfe0f},
                                            {0xfe20, 0xfe2f}}};
constexpr std::array<Range, 8> k_wide{{{0x1100, 0x115f},
                                       {0x2e80, 0xa4cf},
                                       {0xac00, 0xd7a3},
                                       {0xf900, 0xfaff},
                                       {0xfe30, 0xfe6f},
                                       {0xff00, 0xff60},
                                       {0x1f300, 0x1faff},
                                       {0x20000, 0x3fffd}}};

template <std::size_t size>
bool is_in(std::uint32_t code, const std::array<Range, size>& ranges) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
    return code >= range.first && code <= range.second;
  });
}

// The character that starts `text`, which is not empty.
Character first_of(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const Character broken{text.substr(0, 1), byte(0), false};
  if (byte(0) < 0x80) return {text.substr(0, 1), byte(0), true};
  const std::size_t length = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
  if (byte(0) < 0xc2 || byte(0) > 0xf4 || text.size() < length) return broken;
  std::uint32_t code = byte(0) & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return broken;
    code = (code << 6U) | (byte(i) & 0x3fU);
  }
  constexpr std::array<std::uint32_t, 5> k_smallest{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < k_smallest.at(length) || surrogate || code > 0x10ffff) return broken;
  return {text.substr(0, length), code, true};
}

}  // namespace

std::vector<Character> characters_of(std::string_view text) {
  std::vector<Character> characters;
  characters.reserve(text.size());
  while (!text.empty()) {
    characters.push_back(first_of(text));
    text.remove_prefix(characters.back().bytes.size());
  }
  return characters;
}

std::string harmless(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  for (const Character& character : characters_of(text)) {
    const std::uint32_t code = character.code;
    if (character.valid && code == '\n') {
      safe += "\\n";
    } else if (character.valid && code == '\t') {
      safe += "\\t";
    } else if (!character.valid || code < 0x20 || (code >= 0x7f && code < 0xa0)) {
      safe += fmt::format("\\x{:02x}", code);
    } else if (is_in(code, k_invisible)) {
      safe += fmt::format("\\u{{{:04x}}}", code);
    } else {
      safe += character.bytes;
    }
  }
  return safe;
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (const Character& character : characters_of(text)) {
    if (is_in(character.code, k_combining)) continue;
    columns += is_in(character.code, k_wide) ? 2 : 1;
  }
  return columns;
}

std::string padded(std::string_view text, std::size_t columns) {
  const std::size_t used = columns_of(text);
  return std::string(text) + std::string(columns > used ? columns - used : 0, ' ');
}

std::string wrapped(std::string_view text, std::size_t indent, int width) {
  const std::size_t room =
      static_cast<std::size_t>(std::max(40, width)) - std::min<std::size_t>(indent, 20);
  std::string result;
  std::string line;
  const auto end_line = [&] {
    if (!line.empty()) result += std::string(indent, ' ') + line + "\n";
    line.clear();
  };
  for (const std::string& word : split_any(text, " \n")) {
    if (!line.empty() && columns_of(line) + 1 + columns_of(word) > room) end_line();
    if (!line.empty()) line += ' ';
    line += word;
  }
  end_line();
  return result;
}

}  // namespace aegis
