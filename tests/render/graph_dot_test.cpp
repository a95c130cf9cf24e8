#include "render/graph_dot.h"

#include <catch2/catch.hpp>

#include "sample_plan.h"

namespace aegis {
namespace {

TEST_CASE("steps are grouped by resource, and arrows that follow from others are left out") {
  const std::string text = render_dot(fake::sample_plan());
  CHECK(text.find("label=\"container/aegis\"") != std::string::npos);
  CHECK(text.find("s3 -> s4;") != std::string::npos);
  CHECK(text.find("s1 -> s4;") == std::string::npos);
  CHECK(text.find("s2 -> s4;") == std::string::npos);
}

TEST_CASE("names cannot break out of their quotes") {
  Plan plan = fake::sample_plan();
  plan.steps[0].title = "\"]; evil [label=\"\\";
  CHECK(render_dot(plan).find(R"(label="\"]; evil [label=\"\\")") != std::string::npos);
}

TEST_CASE("the manifests' own graph shows what each resource depends on") {
  Desired desired;
  for (const char* name : {"container/a", "container/b"}) {
    Resource resource;
    resource.address = parse_address(name).value();
    resource.scope = "server/s1";
    desired.resources.emplace(resource.address, resource);
  }
  desired.resources.rbegin()->second.depends_on = {parse_address("container/a").value()};
  CHECK(render_dot(desired) ==
        "digraph manifests {\n"
        "  rankdir=LR;\n"
        "  node [shape=box];\n"
        "  subgraph cluster_1 {\n"
        "    label=\"server/s1\";\n"
        "    \"container/a\";\n"
        "    \"container/b\";\n"
        "  }\n"
        "  \"container/a\" -> \"container/b\";\n"
        "}\n");
}

}  // namespace
}  // namespace aegis
