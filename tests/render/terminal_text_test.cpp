#include "render/terminal_text.h"

#include <catch2/catch.hpp>

namespace aegis {
namespace {

TEST_CASE("control characters, broken bytes and invisible characters are written out") {
  CHECK(harmless("a\x1b[31mb") == "a\\x1b[31mb");
  CHECK(harmless("a\nb\tc\rd") == "a\\nb\\tc\\x0dd");
  CHECK(harmless(std::string_view("\0\x7f", 2)) == "\\x00\\x7f");
  CHECK(harmless("\xc2\x9b") == "\\x9b");
  CHECK(harmless("\xe2\x80\xae") == "\\u{202e}");
  CHECK(harmless("\xff\xc3") == "\\xff\\xc3");
  CHECK(harmless("\xc0\xaf") == "\\xc0\\xaf");
  CHECK(harmless("\xed\xa0\x80") == "\\xed\\xa0\\x80");
}

TEST_CASE("text in any language is kept") {
  for (const char* text : {"Grüße", "日本語", "😀", "plain \"quoted\" \\ text"}) {
    CHECK(harmless(text) == text);
  }
}

TEST_CASE("columns are those of a terminal") {
  CHECK(columns_of("abc") == 3);
  CHECK(columns_of("Grüße") == 5);
  CHECK(columns_of("日本") == 4);
  CHECK(columns_of("e\xcc\x81") == 1);
  CHECK(columns_of("😀") == 2);
  CHECK(padded("日本", 6) == "日本  ");
  CHECK(padded("abc", 2) == "abc");
}

TEST_CASE("text is broken at blanks, and long words stay whole") {
  CHECK(wrapped("one two", 2, 80) == "  one two\n");
  const std::string word(50, 'w');
  CHECK(wrapped("a " + word + " b", 0, 40) == "a\n" + word + "\nb\n");
  CHECK(wrapped("", 2, 80).empty());
}

}  // namespace
}  // namespace aegis
