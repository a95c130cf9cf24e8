#include "laws/laws.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "laws/box.h"

using namespace aegis;
using namespace aegis::laws;

namespace {

LawCase case_of(const Kind& kind, std::vector<Wanted> stages) {
  return {std::move(stages), {&kind, 1}, make_box_world, {}};
}

bool any_contains(const std::vector<std::string>& violations, const std::string& text) {
  return std::any_of(violations.begin(), violations.end(), [&](const std::string& violation) {
    return violation.find(text) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("the laws find nothing wrong with a kind that keeps them") {
  const LawCase create = case_of(good_box(), {wanted_boxes({{"a", 1}, {"b", 2}})});
  CHECK(violations_of_rest(create) == std::vector<std::string>{});
  CHECK(violations_of_convergence(create) == std::vector<std::string>{});
  const LawCase update =
      case_of(good_box(), {wanted_boxes({{"a", 1}, {"b", 2}}), wanted_boxes({{"a", 5}, {"b", 6}})});
  CHECK(violations_of_rest(update) == std::vector<std::string>{});
  CHECK(violations_of_convergence(update) == std::vector<std::string>{});
}

TEST_CASE("a kind that never rests is found out") {
  const auto violations = violations_of_rest(case_of(restless_box(), {wanted_boxes({{"a", 1}})}));
  CHECK(any_contains(violations, "the second plan finds something: update box/a"));
}

TEST_CASE("a kind that leaves something behind when it is broken is found out") {
  const LawCase littering = case_of(littering_box(), {wanted_boxes({{"a", 1}})});
  CHECK(violations_of_rest(littering) == std::vector<std::string>{});
  const auto violations = violations_of_convergence(littering);
  CHECK(any_contains(violations, "stopped at write 1: another end"));
  CHECK(any_contains(violations, "answer lost at write 1: another end"));
  CHECK_FALSE(any_contains(violations, "refused at write 1"));
}

TEST_CASE("a kind that cannot go on from a half is found out") {
  const auto violations =
      violations_of_convergence(case_of(stubborn_box(), {wanted_boxes({{"a", 1}})}));
  CHECK(any_contains(violations, "hung up after at write 1: an unbroken run fails"));
}
