#include "base/utf8.h"

#include <catch2/catch.hpp>
#include <string>

namespace aegis {
namespace {

TEST_CASE("a sequence of UTF-8 has the length of its form") {
  CHECK(utf8_length("a") == 1);
  CHECK(utf8_length("\xc3\xa4x") == 2);
  CHECK(utf8_length("\xe2\x82\xac") == 3);
  CHECK(utf8_length("\xf0\x9f\x90\xb3") == 4);
  CHECK(utf8_length("\xf4\x8f\xbf\xbf") == 4);
}

TEST_CASE("overlong forms, surrogates, what is beyond Unicode and what is cut off are no UTF-8") {
  for (const std::string bytes : {"\x80",
                                  "\xc0\xaf",
                                  "\xc1\xbf",
                                  "\xe0\x9f\xbf",
                                  "\xed\xa0\x80",
                                  "\xf0\x8f\xbf\xbf",
                                  "\xf4\x90\x80\x80",
                                  "\xf5\x80\x80\x80",
                                  "\xff",
                                  "\xc3",
                                  "\xe2\x82",
                                  "\xe2\x82x",
                                  "\xf0\x9f\x90"}) {
    CAPTURE(bytes);
    CHECK(utf8_length(bytes) == 0);
  }
}

TEST_CASE("text is UTF-8 without a NUL") {
  CHECK(is_text("gr\xc3\xbc\xc3\x9f"));
  CHECK(is_text(""));
  CHECK_FALSE(is_text(std::string_view("a\0b", 3)));
  CHECK_FALSE(is_text("gr\xfc\xdf"));
}

}  // namespace
}  // namespace aegis
