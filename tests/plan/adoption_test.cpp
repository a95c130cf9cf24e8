#include "plan/adoption.h"

#include <catch2/catch.hpp>

namespace aegis {
namespace {

Change adoption(const Json& before, const Json& after) {
  Change change;
  change.action = Action::adopt;
  AttributeChange attribute;
  attribute.path = "tags";
  attribute.before = before;
  attribute.after = after;
  change.attributes = {attribute};
  return change;
}

}  // namespace

TEST_CASE("to be marked as ours is no difference, anything else is") {
  CHECK(only_takes_over(adoption({"prod"}, {"aegisctl", "prod"})));
  CHECK(only_takes_over(adoption(nullptr, {"aegisctl"})));
  CHECK_FALSE(only_takes_over(adoption({"prod"}, {"aegisctl"})));
  CHECK_FALSE(only_takes_over(adoption({"prod"}, {"aegisctl", "prod", "x"})));
  CHECK_FALSE(only_takes_over(adoption(1, 2)));
  Change update = adoption({"prod"}, {"aegisctl", "prod"});
  update.action = Action::update;
  CHECK_FALSE(only_takes_over(update));
}

}  // namespace aegis
