#include "base/shell_words.h"

#include <catch2/catch.hpp>
#include <cstdio>
#include <string>
#include <vector>

namespace aegis {
namespace {

// What a real shell makes of the line: the program's words, each ended by a NUL byte.
std::string words_seen(const std::vector<std::string>& words) {
  std::vector<std::string> all{"printf", "%s\\0"};
  all.insert(all.end(), words.begin(), words.end());
  FILE* shell = ::popen(command_line(all).value().c_str(), "r");
  std::string seen;
  for (int c = 0; (c = std::fgetc(shell)) != EOF;) seen += static_cast<char>(c);
  ::pclose(shell);
  return seen;
}

}  // namespace

TEST_CASE("a shell hands over every word as it was, whatever is in it") {
  std::string every_byte;
  for (int c = 1; c < 256; ++c) every_byte += static_cast<char>(c);
  const std::vector<std::string> words{"plain",
                                       "",
                                       " two  words ",
                                       "it's",
                                       "'",
                                       "$(id) `id` ${HOME} $HOME ~ * ? [a] {a,b}",
                                       "a;b|c&d>e<f#g!h\\i",
                                       "line\nline\ttab",
                                       "A=b",
                                       "-n",
                                       every_byte};
  std::string expected;
  for (const std::string& word : words) expected += word + '\0';
  CHECK(words_seen(words) == expected);
}

TEST_CASE("a first word that looks like an assignment is still a program") {
  CHECK(quote_word("A=b") == "'A=b'");
}

TEST_CASE("words that need no quotes get none, so that process lists stay readable") {
  const std::vector<std::string> words{"pct", "exec", "103", "--", "/usr/bin/env"};
  CHECK(command_line(words).value() == "pct exec 103 -- /usr/bin/env");
}

TEST_CASE("a command without a word, or with a NUL byte, is refused before anything runs") {
  CHECK(command_line({}).error().code == ErrorCode::rejected);
  const std::vector<std::string> words{"echo", std::string("a\0b", 3)};
  CHECK(command_line(words).error().code == ErrorCode::rejected);
}

}  // namespace aegis
