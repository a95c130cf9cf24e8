#include "base/text.h"

#include <catch2/catch.hpp>

namespace aegis {

TEST_CASE("split keeps empty pieces, split_any drops them") {
  CHECK(split("a,,b", ',') == std::vector<std::string>{"a", "", "b"});
  CHECK(split("", ',') == std::vector<std::string>{""});
  CHECK(split_any(" a; b,", " ;,") == std::vector<std::string>{"a", "b"});
  CHECK(split_any("  ", " ").empty());
}

TEST_CASE("percent encoding escapes everything that a form decoder could split on") {
  CHECK(percent_encode("name=eth0,ip=a;b+c d&%") == "name%3Deth0%2Cip%3Da%3Bb%2Bc%20d%26%25");
  CHECK(percent_encode("Az09-._~") == "Az09-._~");
  CHECK(percent_decode(percent_encode("\xc3\xba \n")) == "\xc3\xba \n");
  CHECK(percent_decode("a+b%2", true) == "a b%2");
  CHECK(percent_decode("%zz%41") == "%zzA");
}

TEST_CASE("the closest match is a likely misspelling, or nothing") {
  const std::vector<std::string> words{"memory", "mount_points", "nameserver"};
  CHECK(closest_match("memroy", words) == "memory");
  CHECK(closest_match("Memory", words) == "memory");
  CHECK(closest_match("mountpoints", words) == "mount_points");
  CHECK_FALSE(closest_match("cpu", words).has_value());
  CHECK_FALSE(closest_match("", words).has_value());
}

TEST_CASE("words are listed as a person would") {
  CHECK(list_words(std::vector<std::string>{}).empty());
  CHECK(list_words(std::vector<std::string>{"a"}) == "a");
  CHECK(list_words(std::vector<std::string>{"a", "b", "c"}, "or") == "a, b or c");
  CHECK(count_of(1, "step") == "1 step");
  CHECK(count_of(0, "step") == "0 steps");
}

TEST_CASE("trim and to_lower leave the inside and other bytes alone") {
  CHECK(trim(" \t a b \r\n") == "a b");
  CHECK(trim(" ").empty());
  CHECK(to_lower("AbC\xc3\x9c") == "abc\xc3\x9c");
}

}  // namespace aegis
