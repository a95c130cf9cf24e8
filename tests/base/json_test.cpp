#include "base/json.h"

#include <catch2/catch.hpp>

namespace aegis {

TEST_CASE("broken JSON is an error with a place, not an exception") {
  const auto broken = parse_json("{\"a\": }");
  REQUIRE_FALSE(broken.has_value());
  CHECK(broken.error().message.find("column 7") != std::string::npos);
  CHECK_FALSE(parse_json("").has_value());
  CHECK_FALSE(parse_json("<html>").has_value());
}

TEST_CASE("JSON nested too deep is refused") {
  CHECK(parse_json(std::string(100, '[') + std::string(100, ']')).has_value());
  CHECK_FALSE(parse_json(std::string(100000, '[') + std::string(100000, ']')).has_value());
  CHECK(parse_json("[\"\\\"" + std::string(1000, '[') + "\"]").has_value());
}

TEST_CASE("loosely typed numbers and booleans are understood") {
  CHECK(as_integer(Json("512")) == 512);
  CHECK(as_integer(Json(512.0)) == 512);
  CHECK_FALSE(as_integer(Json("5x")).has_value());
  CHECK_FALSE(as_integer(Json(0.5)).has_value());
  CHECK_FALSE(as_integer(Json("")).has_value());
  CHECK(as_number(Json("0.5")) == 0.5);
  CHECK(as_bool(Json("1")) == true);
  CHECK(as_bool(Json(0)) == false);
  CHECK(as_bool(Json("")) == false);
  CHECK_FALSE(as_bool(Json("maybe")).has_value());
}

TEST_CASE("reading a key of something that is not an object gives null") {
  CHECK(get(Json(5), "a").is_null());
  CHECK(get(Json{{"a", 1}}, "b").is_null());
  CHECK(text_or(Json{{"a", 1}}, "a", "fallback") == "fallback");
}

TEST_CASE("bytes that are not UTF-8 can be dumped") {
  CHECK(dump_json(Json("a\xff")) == "\"a\xef\xbf\xbd\"");
}

TEST_CASE("a scalar reads as text") {
  CHECK(as_text(Json(true)) == "1");
  CHECK(as_text(Json()) == "");
  CHECK(as_text(Json(0.5)) == "0.5");
}

}  // namespace aegis
