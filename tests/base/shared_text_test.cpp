#include "base/shared_text.h"

#include <catch2/catch.hpp>

namespace aegis {
namespace {

TEST_CASE("copies of a text share it") {
  const SharedText text = "stacks/core/compose.yaml";
  const SharedText copy = text;
  CHECK(&copy.str() == &text.str());
}

TEST_CASE("texts are compared by what they say") {
  CHECK(SharedText("a") == SharedText("a"));
  CHECK(SharedText("a") != SharedText("b"));
  CHECK(SharedText("a") < SharedText("b"));
  CHECK(SharedText() == SharedText(""));
  CHECK(SharedText() < SharedText("a"));
}

}  // namespace
}  // namespace aegis
