#include "plan/order.h"

#include <catch2/catch.hpp>

#include "case.h"

namespace aegis {
namespace {

using fake::Case;

TEST_CASE("each resource comes after what it depends on, else in the order of addresses") {
  const Case given = Case()
                         .want("container/a", {}, {"container/z"})
                         .want("container/b", {})
                         .want("container/z", {}, {"container/c"})
                         .want("container/c", {});
  Diagnostics diagnostics;
  const auto order = order_by_dependency(given.desired, diagnostics);
  REQUIRE(order.has_value());
  std::vector<std::string> names;
  for (const Resource* resource : order->resources) names.push_back(resource->address.name);
  CHECK(names == std::vector<std::string>{"b", "c", "z", "a"});
  for (std::size_t i = 0; i < order->needs.size(); ++i) {
    for (const std::size_t need : order->needs[i]) CHECK(need < i);
  }
  CHECK(diagnostics.empty());
}

TEST_CASE("a circle is named completely, with its place, and plans nothing") {
  const Plan plan = Case()
                        .want("container/d", {}, {"container/a"})
                        .want("container/a", {}, {"container/b"})
                        .want("container/b", {}, {"container/c"})
                        .want("container/c", {}, {"container/a"})
                        .plan();
  REQUIRE(plan.notes.size() == 1);
  CHECK(plan.notes[0].severity == Severity::error);
  CHECK(plan.notes[0].detail ==
        "None of these can come first: container/a -> container/b -> container/c -> container/a. "
        "Take one of the dependencies away.");
  CHECK(plan.notes[0].where->line == 2);
  CHECK(plan.changes.empty());
  CHECK(plan.steps.empty());
}

TEST_CASE("a resource that depends on itself is a circle") {
  const Plan plan = Case().want("container/a", {}, {"container/a"}).plan();
  REQUIRE(has_errors(plan.notes));
  CHECK(plan.notes[0].detail.find("container/a -> container/a.") != std::string::npos);
}

TEST_CASE("a dependency on something undeclared is an error at the resource that has it") {
  const Plan plan = Case().want("container/a", {}, {"container/nowhere"}).plan();
  REQUIRE(plan.notes.size() == 1);
  CHECK(plan.notes[0].detail.find("container/a depends on container/nowhere") == 0);
  CHECK(plan.notes[0].where->file == "site.yaml");
  CHECK(plan.changes.empty());
}

}  // namespace
}  // namespace aegis
