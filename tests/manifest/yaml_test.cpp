#include "manifest/yaml.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <ctime>

#include "manifest/project_folder.h"

namespace aegis::test {
namespace {

using Lines = std::vector<std::string>;

// The first document, which must be free of mistakes.
YamlNode parsed(const std::string& text) {
  Diagnostics diagnostics;
  std::vector<YamlNode> documents = parse_yaml(text, "a.yaml", diagnostics);
  INFO(text);
  INFO(details(diagnostics));
  REQUIRE(diagnostics.empty());
  REQUIRE(documents.size() == 1);
  return std::move(documents.front());
}

Json value_of(const std::string& text) {
  return to_json(parsed(text));
}

Diagnostics mistakes(const std::string& text) {
  Diagnostics diagnostics;
  parse_yaml(text, "a.yaml", diagnostics);
  return diagnostics;
}

SourceSpan at(int line, int column, int length) {
  return {"a.yaml", line, column, length};
}

std::string repeated(const std::string& piece, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += piece;
  return text;
}

}  // namespace

TEST_CASE("every value knows its line, its column and its length") {
  const YamlNode root = parsed("web:\n  cores: 16\n  name: \"a b\"\n  tags: [x, 'it''s']\n");
  const YamlNode& web = *root.find("web");
  CHECK(root.members[0].key_where == at(1, 1, 3));
  CHECK(web.members[0].key_where == at(2, 3, 5));
  CHECK(web.find("cores")->where == at(2, 10, 2));
  CHECK(web.find("name")->where == at(3, 9, 5));
  CHECK(web.find("tags")->where == at(4, 9, 1));
  CHECK(web.find("tags")->items[0].where == at(4, 10, 1));
  CHECK(web.find("tags")->items[1].where == at(4, 13, 7));
}

TEST_CASE("columns count characters, not bytes") {
  CHECK(parsed("é: ü").find("é")->where == at(1, 4, 1));
  CHECK(parsed("k: [\"äöü\", x]").find("k")->items[1].where == at(1, 12, 1));
}

TEST_CASE("a value behind an anchor or a tag is where the value is") {
  CHECK(parsed("a: &name 12").find("a")->where == at(1, 10, 2));
  const YamlNode reset = parsed("a: !reset null");
  CHECK(reset.find("a")->tag == "!reset");
  CHECK(reset.find("a")->where == at(1, 11, 4));
  CHECK(parsed("a: &x\nb: 1").find("b")->where == at(2, 4, 1));
  CHECK(parsed("a:\nb: 1").find("a")->where == at(1, 1, 1));
}

TEST_CASE("scalars follow YAML 1.2, not 1.1") {
  const std::vector<std::pair<std::string, Json>> table{
      {"true", true},
      {"True", true},
      {"FALSE", false},
      {"tRue", "tRue"},
      {"yes", "yes"},
      {"no", "no"},
      {"on", "on"},
      {"off", "off"},
      {"y", "y"},
      {"~", nullptr},
      {"null", nullptr},
      {"NULL", nullptr},
      {"nUll", "nUll"},
      {"12", 12},
      {"-7", -7},
      {"+7", 7},
      {"0777", 777},
      {"0o17", 15},
      {"0x1F", 31},
      {"0b11", "0b11"},
      {"1_000", "1_000"},
      {"22:22", "22:22"},
      {"1.5", 1.5},
      {"1e3", 1000.0},
      {".5", 0.5},
      {"-1.", -1.0},
      {"1.2.3", "1.2.3"},
      {".", "."},
      {"+", "+"},
      {"e5", "e5"},
      {".inf", ".inf"},
      {"2026-01-31", "2026-01-31"},
      {"\"12\"", "12"},
      {"'true'", "true"},
      {"\"\"", ""},
      {"!!str 12", "12"},
      {"9223372036854775807", std::int64_t{9223372036854775807}},
      {"18446744073709551616", 18446744073709551616.0},
      {"1e999", "1e999"},
      {"0xFFFFFFFFFFFFFFFFFF", "0xFFFFFFFFFFFFFFFFFF"},
  };
  for (const auto& [text, expected] : table) {
    INFO(text);
    const Json value = value_of("k: " + text).at("k");
    CHECK(value == expected);
    CHECK(value.type() == expected.type());
  }
}

TEST_CASE("block scalars keep and fold their lines") {
  CHECK(value_of("k: |\n  a\n  b\n").at("k") == "a\nb\n");
  CHECK(value_of("k: >-\n  a\n  b\n").at("k") == "a b");
  CHECK(value_of("k: |\n  12\n").at("k") == "12\n");
}

TEST_CASE("a duplicate key is shown at both places") {
  const auto found = mistakes("a:\n  b: 1\n  c: 2\n  b: 3\n");
  REQUIRE(described(found) == Lines{"a.yaml:4:3 duplicate key"});
  CHECK(found[0].related == at(2, 3, 1));
  CHECK(described(mistakes("{a: 1, \"a\": 2}")) == Lines{"a.yaml:1:8 duplicate key"});
  CHECK(mistakes("a: {b: 1}\nc: {b: 1}").empty());
}

TEST_CASE("aliases and merge keys are resolved; own keys and earlier sources win") {
  CHECK(value_of("a: &x {p: 1}\nb: *x").at("b") == Json{{"p", 1}});
  CHECK(value_of("a: &x {p: 1, q: 2}\nb: {<<: *x, q: 3}").at("b") == Json{{"p", 1}, {"q", 3}});
  CHECK(value_of("a: &x {p: 1}\nb: &y {p: 2, q: 2}\nc: {<<: [*x, *y]}").at("c") ==
        Json{{"p", 1}, {"q", 2}});
  CHECK(value_of("a: {\"<<\": 1}").at("a") == Json{{"<<", 1}});
  CHECK(described(mistakes("a: &x 1\nb: {<<: *x}")) ==
        Lines{"a.yaml:2:9 a merge key without a mapping"});
}

TEST_CASE("an alias is placed where it stands, and what it stands for where that was written") {
  const YamlNode root = parsed("a: &x {p: 1}\nb: *x");
  CHECK(root.find("b")->where == at(2, 4, 2));
  CHECK(root.find("b")->find("p")->where == at(1, 11, 1));
}

TEST_CASE("an alias of something that holds it is refused") {
  CHECK(described(mistakes("a: &x [1, *x]")) ==
        Lines{"a.yaml:1:11 an alias inside of its own anchor"});
  CHECK(described(mistakes("a: &x {b: {c: *x}}")) ==
        Lines{"a.yaml:1:15 an alias inside of its own anchor"});
}

TEST_CASE("an alias of nothing is refused") {
  CHECK(described(mistakes("a: *nothing")) == Lines{"a.yaml:1:4 not valid YAML"});
}

TEST_CASE("aliases of aliases cannot fill the memory") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 20; ++i) {
    const std::string alias = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + alias +
            repeated(", " + alias, 9) + "]\n";
  }
  const auto found = mistakes(bomb);
  REQUIRE(found.size() == 1);
  CHECK(found[0].summary == "too many values");
  const std::string wide =
      "a: &a \"" + std::string(1 << 20, 'x') + "\"\nb: [*a" + repeated(", *a", 100) + "]\n";
  REQUIRE(mistakes(wide).size() == 1);
  CHECK(mistakes(wide)[0].summary == "too many values");
}

TEST_CASE("a long flat file is read in a moment, and one without end is refused") {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += "key" + std::to_string(i) + ": value\n";
  const std::clock_t start = std::clock();
  const auto root = parsed(text);
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  CHECK(root.members.size() == 50'000);
  CHECK(root.find("key49999")->where == at(50'000, 11, 5));
  CHECK(seconds < 10);  // a quadratic search for duplicates takes minutes
  const auto found = mistakes(repeated("- 1\n", 1'000'001));
  REQUIRE(found.size() == 1);
  CHECK(found[0].summary == "too many values");
}

TEST_CASE("deep nesting is refused in every form, and 100 levels are allowed") {
  CHECK(mistakes(repeated("[", 100) + repeated("]", 100)).empty());
  for (const std::string& deep : {repeated("[", 101) + repeated("]", 101),
                                  repeated("[", 100'000),
                                  repeated("{a: ", 5'000),
                                  repeated("- ", 5'000) + "x",
                                  repeated("? ", 5'000)}) {
    INFO(deep.substr(0, 10));
    const auto found = mistakes(deep);
    REQUIRE(found.size() == 1);
    CHECK(found[0].summary == "nested too deep");
  }
  std::string block;
  for (int i = 0; i < 600; ++i) block += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  CHECK(described(mistakes(block)) == Lines{"a.yaml:101:101 nested too deep"});
}

TEST_CASE("brackets and dashes in texts and comments are not nesting") {
  CHECK(mistakes("# " + std::string(300, '-') + "\na: 1\n").empty());
  CHECK(
      mistakes("a: \"" + std::string(300, '[') + "\"\n# " + std::string(300, '{') + "\n").empty());
}

TEST_CASE("what is no text is refused at its place") {
  using namespace std::string_literals;
  const std::vector<std::pair<std::string, std::string>> table{
      {"a: b\nc: \0d"s, "a.yaml:2:4 binary data in a text file"},
      {"a: \x01", "a.yaml:1:4 binary data in a text file"},
      {"\x7f"
       "ELF",
       "a.yaml:1:1 binary data in a text file"},
      {"a: \xff", "a.yaml:1:4 not UTF-8"},
      {"é: \xc3", "a.yaml:1:4 not UTF-8"},
      {"a: \xed\xa0\x80", "a.yaml:1:4 not UTF-8"},
      {"a: \xc0\xaf", "a.yaml:1:4 not UTF-8"},
      {"a: \xf4\x90\x80\x80", "a.yaml:1:4 not UTF-8"},
      {"\xff\xfe"
       "a\0"s,
       "a.yaml:1:1 not UTF-8"},
  };
  for (const auto& [text, expected] : table) CHECK(described(mistakes(text)) == Lines{expected});
}

TEST_CASE("a byte order mark and Windows' line ends change nothing") {
  CHECK(value_of("\xef\xbb\xbf"
                 "a: 1\r\nb:\r\n  - x\r\nc: |\r\n  t\r\n") ==
        Json{{"a", 1}, {"b", {"x"}}, {"c", "t\n"}});
  CHECK(parsed("\xef\xbb\xbf"
               "a: 1\r\nb: 22\r\n")
            .find("b")
            ->where == at(2, 4, 2));
}

TEST_CASE("broken YAML is one mistake at its place, whatever it is") {
  const std::vector<std::pair<std::string, std::string>> table{
      {"a: [1, 2", "a.yaml:1:9 not valid YAML"},
      {"a: 'x", "a.yaml:1:6 not valid YAML"},
      {"a: b: c", "a.yaml:1:5 not valid YAML"},
      {"a: @x", "a.yaml:1:4 not valid YAML"},
      {"a: b\n]", "a.yaml:2:1 not valid YAML"},
      {"a: \"\\q\"", "a.yaml:1:7 not valid YAML"},
      {"- a\nb: c\n", "a.yaml:2:1 not valid YAML"},
      {"\"a\" \"b\"", "a.yaml:1:5 not valid YAML"},
      {"{a: b}: c\n", "a.yaml:1:1 a key that is not a scalar"},
  };
  for (const auto& [text, expected] : table) {
    INFO(text);
    CHECK(described(mistakes(text)) == Lines{expected});
  }
}

TEST_CASE("several documents are told apart") {
  Diagnostics diagnostics;
  CHECK(parse_yaml("a: 1\n---\nb: 2\n...\n# more\nc: 3\n", "a.yaml", diagnostics).size() == 3);
  CHECK(diagnostics.empty());
  CHECK(parse_yaml("", "a.yaml", diagnostics).empty());
  CHECK(parse_yaml("# only a comment\n", "a.yaml", diagnostics).empty());
  CHECK(diagnostics.empty());
}

TEST_CASE("keys are texts, even those that look like something else") {
  const Json value = value_of("null: 1\ntrue: 2\n5: 3\n");
  CHECK(value == Json{{"null", 1}, {"true", 2}, {"5", 3}});
}

TEST_CASE("nasty texts end with an answer, never with a crash") {
  const std::vector<std::string> nasty{
      "?",
      ":",
      ": :",
      "- : -",
      "&a",
      "*",
      "!",
      "!!",
      "%",
      "|",
      ">",
      "---\n?",
      "[,]",
      "{,}",
      "{:}",
      "[[],{}]",
      "\"",
      "'",
      "\"\\x\"",
      "\"\\u",
      "\"\\U00110000\"",
      "a:\t- b",
      "\t",
      "<<: *a",
      "&a *a",
      "!<a",
      "!<> b",
      "- - -",
      "a: |9\n b",
      "...",
      "...\n...",
      "--- ---",
      "--- |\n",
      "%YAML 9.9\n---\na",
      "%TAG ! x\n%TAG ! y\n---\na",
      "? [a]\n: b",
      "a: &x &y z",
      "#",
      "\r",
      "\r\r\n",
      "a\n b\nc: d",
      "{a: 1, b: 2",
      "[a, b}",
      "\xef\xbb\xbf",
      "\xef\xbb\xbf\xef\xbb\xbf",
      "a: 1\n\tb: 2",
      "- a\n - b\n  - c",
      "? a\n? b\n:",
  };
  for (const std::string& text : nasty) {
    INFO(text);
    Diagnostics diagnostics;
    for (const YamlNode& document : parse_yaml(text, "a.yaml", diagnostics)) to_json(document);
    for (const Diagnostic& diagnostic : diagnostics) {
      CHECK(diagnostic.where->line >= 1);
      CHECK(diagnostic.where->column >= 1);
      CHECK(diagnostic.detail.ends_with('.'));
    }
  }
}

TEST_CASE("every cut of a file ends with an answer") {
  const std::string whole =
      "a: &x {p: [1, \"two\", 'three'], q: |-\n    text\n  }\nb: {<<: *x, é: !t ~}\n--- # end\n- "
      "0x1\n";
  for (std::size_t size = 0; size <= whole.size(); ++size) mistakes(whole.substr(0, size));
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    std::string damaged = whole;
    damaged[cut] = '[';
    mistakes(damaged);
  }
  SUCCEED();
}

}  // namespace aegis::test
