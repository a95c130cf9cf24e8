#include "manifest/compose/interpolation.h"

#include <catch2/catch.hpp>
#include <map>

namespace aegis::compose {
namespace {

Interpolated run(const std::string& text) {
  static const std::map<std::string, std::string> k_variables{
      {"SET", "value"}, {"EMPTY", ""}, {"DB_PASSWORD", "hunter2"}, {"_u1", "under"}};
  const Environment environment = [](const std::string& name) -> std::optional<std::string> {
    const auto found = k_variables.find(name);
    return found == k_variables.end() ? std::nullopt : std::optional(found->second);
  };
  return interpolate(text, as_variables(environment));
}

struct Case {
  std::string text;
  std::string expected;
};

}  // namespace

TEST_CASE("every form of a reference gives what Compose gives") {
  const std::vector<Case> cases{
      {"plain", "plain"},
      {"", ""},
      {"$SET", "value"},
      {"a$SET-b", "avalue-b"},
      {"${SET}x", "valuex"},
      {"$_u1", "under"},
      {"${SET:-d}", "value"},
      {"${EMPTY:-d}", "d"},
      {"${EMPTY-d}", ""},
      {"${UNSET:-d}", "d"},
      {"${UNSET-d}", "d"},
      {"${UNSET:-}", ""},
      {"${SET:+alt}", "alt"},
      {"${EMPTY:+alt}", ""},
      {"${EMPTY+alt}", "alt"},
      {"${UNSET+alt}", ""},
      {"${SET:?message}", "value"},
      {"${EMPTY?message}", ""},
      {"${UNSET:-${SET}}", "value"},
      {"${UNSET:-${ALSO_UNSET:-deep}}", "deep"},
      {"${UNSET:-a b:c}", "a b:c"},
      {"${UNSET:-a}b}", "ab}"},
      {"${UNSET:-$SET-$EMPTY}", "value-"},
      {"${SET:+${UNSET:-x}}", "x"},
      {"$$", "$"},
      {"$$SET", "$SET"},
      {"$${SET}", "${SET}"},
      {"$$$SET", "$value"},
      {"$5", "$5"},
      {"cost: $", "cost: $"},
      {"$ x $. $-", "$ x $. $-"},
      {"${UNSET:-$$x}", "$x"},
  };
  for (const Case& example : cases) {
    INFO(example.text);
    const Interpolated result = run(example.text);
    CHECK(result.text == example.expected);
    CHECK(result.errors.empty());
    CHECK(result.unset.empty());
  }
}

TEST_CASE("a plain reference to an unset variable gives nothing, and is told with its offset") {
  const Interpolated result = run("ab${UNSET}c$OTHER");
  CHECK(result.text == "abc");
  REQUIRE(result.unset.size() == 2);
  CHECK(result.unset[0].message == "UNSET");
  CHECK(result.unset[0].offset == 2);
  CHECK(result.unset[1].message == "OTHER");
  CHECK(result.unset[1].offset == 11);
}

TEST_CASE("what is not needed is not looked at") {
  CHECK(run("${SET:-$UNSET}").unset.empty());
  CHECK(run("${SET:-${UNSET:?no}}").errors.empty());
  CHECK(run("${UNSET:+${ALSO:?no}}").errors.empty());
}

TEST_CASE("a required variable that is missing is an error with the message") {
  REQUIRE(run("${UNSET:?set it in .env}").errors.size() == 1);
  CHECK(run("${UNSET:?set it in .env}").errors[0].message ==
        "The variable UNSET is required, but unset or empty: set it in .env");
  CHECK(run("${EMPTY:?}").errors.size() == 1);
  CHECK(run("${UNSET?}").errors[0].message == "The variable UNSET is required, but unset.");
}

TEST_CASE("a malformed reference is an error, never a literal") {
  for (const std::string text : {"${1X}",
                                 "${SET",
                                 "${}",
                                 "${SET!x}",
                                 "${SET:}",
                                 "${SET:=x}",
                                 "${UNSET:-${SET}",
                                 "${ SET}",
                                 "${SET }",
                                 "${-x}"}) {
    INFO(text);
    CHECK(run(text).errors.size() == 1);
  }
}

TEST_CASE("a nesting without end is refused, not followed") {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "${A:-";
  CHECK(run(text).errors.size() == 1);
  std::string closed;
  for (int i = 0; i < 200; ++i) closed += "${A:-";
  closed += std::string(200, '}');
  CHECK(run(closed).errors.size() == 1);
}

TEST_CASE("the parts that came from variables named like secrets are known") {
  const Interpolated result = run("postgres://app:${DB_PASSWORD}@db/$SET");
  CHECK(result.used);
  REQUIRE(result.secret.size() == 1);
  CHECK(result.text.substr(result.secret[0].begin, result.secret[0].end - result.secret[0].begin) ==
        "hunter2");
  CHECK(run("$SET").secret.empty());
  CHECK_FALSE(run("$$SET").used);
  CHECK(run("${UNSET_TOKEN:-fallback}").secret.size() == 1);
}

TEST_CASE("a value never goes into an error") {
  const Interpolated result = run("${UNSET:?have $DB_PASSWORD}");
  REQUIRE(result.errors.size() == 1);
  CHECK(result.errors[0].message.find("hunter2") == std::string::npos);
}

}  // namespace aegis::compose
