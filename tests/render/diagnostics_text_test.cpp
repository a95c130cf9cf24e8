#include "render/diagnostics_text.h"

#include <catch2/catch.hpp>

namespace aegis {
namespace {

const Style k_plain{false, 100};

std::string text_of(const SourceSpan& where, const std::string& line, Style style = k_plain) {
  const std::string text = render_diagnostics(
      {{Severity::note, "Here", "", where, {}}}, {{where.file.str(), line}}, style);
  return text.substr(text.find("  1 | "));
}

TEST_CASE("a diagnostic shows the line, underlines the place and says what to do") {
  const std::map<std::string, std::string> sources{
      {"site.yaml", "containers:\n  aegis:\n    memroy: 110GiB\n"}};
  const Diagnostics diagnostics{
      {Severity::error,
       "Unknown key",
       "There is no \"memroy\" in a container. Did you mean \"memory\"?",
       SourceSpan{"site.yaml", 3, 5, 6},
       {}},
      {Severity::warning, "Old name", "Use the new one.", SourceSpan{"other.yaml", 7, 1, 1}, {}},
      {Severity::error,
       "Name used twice",
       "",
       SourceSpan{"site.yaml", 2, 3, 5},
       SourceSpan{"site.yaml", 1, 1, 10}}};
  CHECK("\n" + render_diagnostics(diagnostics, sources, k_plain) == R"(
error: Unknown key
  --> site.yaml:3:5
    3 |     memroy: 110GiB
      |     ^^^^^^
  There is no "memroy" in a container. Did you mean "memory"?

warning: Old name
  --> other.yaml:7:1
  Use the new one.

error: Name used twice
  --> site.yaml:2:3
    2 |   aegis:
      |   ^^^^^
  see site.yaml:1:1
    1 | containers:
      | ^^^^^^^^^^

2 errors and 1 warning.)");
}

TEST_CASE("nothing to say is nothing at all") {
  CHECK(render_diagnostics({}, {}, k_plain).empty());
}

TEST_CASE("the underline is below what is meant, behind tabs and in any language") {
  CHECK(text_of({"a", 1, 2, 3}, "\tabc") == "  1 |     abc\n      |     ^^^");
  CHECK(text_of({"a", 1, 7, 3}, "Grüße abc") == "  1 | Grüße abc\n      |       ^^^");
  CHECK(text_of({"a", 1, 4, 1}, "日本 x") == "  1 | 日本 x\n      |      ^");
  CHECK(text_of({"a", 1, 2, 1},
                "\x1b"
                "x") == "  1 | \\x1bx\n      |     ^");
}

TEST_CASE("a place behind the end of the line or of the file is shown at its end") {
  CHECK(text_of({"a", 1, 99, 5}, "abc\r\n") == "  1 | abc\n      |    ^");
  CHECK_NOTHROW(render_diagnostics(
      {{Severity::error, "x", "", SourceSpan{"a", 500, 3, 4}, {}}}, {{"a", "one\n"}}, k_plain));
  CHECK(text_of({"a", 1, 2, 500}, "abcd") == "  1 | abcd\n      |  ^^^");
}

TEST_CASE("a long line is cut around the place") {
  const std::string line = std::string(300, 'a') + "HERE" + std::string(300, 'b');
  const std::string text = text_of({"a", 1, 301, 4}, line, {false, 60});
  const std::size_t end = text.find('\n');
  const std::string shown = text.substr(6, end - 6);
  CHECK(shown.size() <= 60);
  CHECK(shown.starts_with("..."));
  CHECK(shown.ends_with("..."));
  const std::string underline = text.substr(end + 1 + 8);
  CHECK(underline.find("^^^^") == shown.find("HERE"));
}

TEST_CASE("a manifest cannot steer the terminal") {
  const std::string evil = "\x1b[2J";
  const std::string text = render_diagnostics(
      {{Severity::error, evil, evil + "\n" + evil, SourceSpan{evil, 1, 1, 1}, {}}},
      {{evil, evil}},
      k_plain);
  CHECK(text.find('\x1b') == std::string::npos);
}

}  // namespace
}  // namespace aegis
