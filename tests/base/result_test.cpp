#include "base/result.h"

#include <catch2/catch.hpp>

#include "base/diagnostic.h"

namespace aegis {

TEST_CASE("an error keeps its code and words under every context") {
  Result<int> failed = Error{ErrorCode::conflict, "CT is locked (backup)"};
  const auto told = std::move(failed).in_context("container 103").in_context("server fsn1");
  REQUIRE_FALSE(told.has_value());
  CHECK(told.error().code == ErrorCode::conflict);
  CHECK(told.error().message == "server fsn1: container 103: CT is locked (backup)");
}

TEST_CASE("a value passes through contexts untouched") {
  const auto value = Result<int>(7).in_context("anything");
  REQUIRE(value);
  CHECK(*value == 7);
}

TEST_CASE("a place prints as far as it is known") {
  CHECK(to_string(SourceSpan{"a.yaml", 3, 5}) == "a.yaml:3:5");
  CHECK(to_string(SourceSpan{"a.yaml", 3, 0}) == "a.yaml:3");
  CHECK(to_string(SourceSpan{"a.yaml"}) == "a.yaml");
}

TEST_CASE("warnings are not errors") {
  CHECK_FALSE(has_errors({{Severity::warning, "w", "", {}, {}}}));
  CHECK(has_errors({{Severity::warning, "w", "", {}, {}}, {Severity::error, "e", "", {}, {}}}));
}

}  // namespace aegis
