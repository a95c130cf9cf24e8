#include "manifest/compose/words.h"

#include <catch2/catch.hpp>

namespace aegis::compose {
namespace {

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> texts;
  const auto split = split_words(text);
  REQUIRE(split.has_value());
  for (const Word& word : *split) texts.push_back(word.text);
  return texts;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a command is cut as a shell cuts it") {
  CHECK(words("") == Texts{});
  CHECK(words("  \n ") == Texts{});
  CHECK(words("a  b\tc\nd") == Texts{"a", "b", "c", "d"});
  CHECK(words("sh -c \"echo 'x y' && z\"") == Texts{"sh", "-c", "echo 'x y' && z"});
  CHECK(words("a'b c'd\"e f\"") == Texts{"ab cde f"});
  CHECK(words("''") == Texts{""});
  CHECK(words(R"(a\ b \"q\")") == Texts{"a b", "\"q\""});
  CHECK(words(R"("a\"b" "c\nd" 'e\f')") == Texts{"a\"b", "c\\nd", "e\\f"});
  CHECK(words("a | b ; c # d $E") == Texts{"a", "|", "b", ";", "c", "#", "d", "$E"});
}

TEST_CASE("what is left open is no command") {
  CHECK_FALSE(split_words("echo 'x").has_value());
  CHECK_FALSE(split_words("echo \"x").has_value());
  CHECK_FALSE(split_words("echo x\\").has_value());
}

TEST_CASE("a word knows where it stood") {
  const auto split = split_words("run  '--p x' z");
  REQUIRE(split.has_value());
  CHECK((*split)[1].range.begin == 5);
  CHECK((*split)[1].range.end == 12);
}

}  // namespace aegis::compose
