#include "manifest/compose/dotenv.h"

#include <catch2/catch.hpp>
#include <map>

namespace aegis::compose {
namespace {

struct Parsed {
  std::map<std::string, std::string> values;
  Diagnostics diagnostics;
};

Parsed parse(const std::string& text, DotenvFormat format = DotenvFormat::quoted) {
  const Environment environment = [](const std::string& name) -> std::optional<std::string> {
    return name == "OUTER" ? std::optional<std::string>("outer") : std::nullopt;
  };
  Parsed parsed;
  for (const DotenvEntry& entry :
       parse_dotenv(text, "x.env", format, as_variables(environment), parsed.diagnostics)) {
    if (entry.value) parsed.values[entry.name] = *entry.value;
  }
  return parsed;
}

struct Case {
  std::string line;
  std::string value;
};

}  // namespace

TEST_CASE("every notation of a value in an environment file is read") {
  const std::vector<Case> cases{
      {"K=value", "value"},
      {"K = value", "value"},
      {"K: value", "value"},
      {"export K=value", "value"},
      {"\xEF\xBB\xBFK=bom", "bom"},
      {"K=", ""},
      {"K=a b  ", "a b"},
      {"K=a#b", "a#b"},
      {"K=a #comment", "a"},
      {"K=#comment", ""},
      {"K='single $OUTER \\n'", "single $OUTER \\n"},
      {"K=\"double $OUTER\"", "double outer"},
      {"K=\"a\\nb\\tc\\\"d\\\\e\"", "a\nb\tc\"d\\e"},
      {"K=\"\\$OUTER\"", "$OUTER"},
      {"K=\"\\0101\"", "A"},
      {"K=\"two\nlines\"", "two\nlines"},
      {"K='two\nlines'", "two\nlines"},
      {"K=\"x\" # comment", "x"},
      {"K=$OUTER", "outer"},
      {"K=${NOPE:-d}", "d"},
      {"K=a=b", "a=b"},
      {"K=crlf\r\n", "crlf"},
      {"# comment\n\n  \nK=after", "after"},
      {"A=1\nK=${A}2", "12"},
      {"OUTER=inner\nK=$OUTER", "outer"},
  };
  for (const Case& example : cases) {
    INFO(example.line);
    const Parsed parsed = parse(example.line);
    CHECK(parsed.diagnostics.empty());
    CHECK(parsed.values.at("K") == example.value);
  }
}

TEST_CASE("a name alone takes the value of that variable, and is nothing when it is not set") {
  const Parsed parsed = parse("OUTER\nNOT_SET\n");
  CHECK(parsed.diagnostics.empty());
  CHECK(parsed.values == std::map<std::string, std::string>{{"OUTER", "outer"}});
}

TEST_CASE("names that start with a digit are dropped; dots, dashes and brackets are names") {
  CHECK(parse("1A=x\na.b-c[0]=y").values == std::map<std::string, std::string>{{"a.b-c[0]", "y"}});
}

TEST_CASE("a raw file is taken as it stands") {
  const Parsed parsed = parse("K=\"$OUTER\" # x\\n\nL= y", DotenvFormat::raw);
  CHECK(parsed.diagnostics.empty());
  CHECK(parsed.values.at("K") == "\"$OUTER\" # x\\n");
  CHECK(parsed.values.at("L") == " y");
}

TEST_CASE("mistakes in an environment file are told with line and column") {
  struct Mistake {
    std::string text;
    int line;
    int column;
  };
  const std::vector<Mistake> mistakes{
      {"A=1\n  no equals here\n", 2, 3},
      {"A=1\nB=\"open\nC=2", 2, 1},
      {"=x", 1, 1},
      {"A=\"x\" y", 1, 7},
      {"A=\"two\nlines\"\n!", 3, 1},
      {"A=${1X}", 1, 1},
  };
  for (const Mistake& mistake : mistakes) {
    INFO(mistake.text);
    const Parsed parsed = parse(mistake.text);
    REQUIRE(parsed.diagnostics.size() == 1);
    CHECK(parsed.diagnostics[0].severity == Severity::error);
    CHECK(parsed.diagnostics[0].where->file == "x.env");
    CHECK(parsed.diagnostics[0].where->line == mistake.line);
    CHECK(parsed.diagnostics[0].where->column == mistake.column);
  }
}

TEST_CASE("a value of an environment file is never in a message") {
  const Parsed parsed = parse("PASSWORD=\"hunter2\n");
  REQUIRE(parsed.diagnostics.size() == 1);
  CHECK(parsed.diagnostics[0].detail.find("hunter2") == std::string::npos);
}

}  // namespace aegis::compose
