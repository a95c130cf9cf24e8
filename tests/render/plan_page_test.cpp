#include <algorithm>
#include <catch2/catch.hpp>

#include "base/vault.h"
#include "render/plan_html.h"
#include "render/plan_markdown.h"
#include "sample_plan.h"

namespace aegis {
namespace {

using fake::attribute;
using fake::change;

const std::string k_evil =
    "</code></td><script>alert(1)</script> | `x` **b** @everyone #12\n\n# Title <img src=x> &amp; "
    "\x1b[2J";

Plan evil_plan() {
  Plan plan;
  plan.changes = {change("container/a", Action::update, k_evil)};
  plan.changes[0].address.name = k_evil;
  plan.changes[0].blocked = k_evil;
  plan.changes[0].attributes = {attribute(k_evil, k_evil, Json::array({k_evil}))};
  plan.notes = {{Severity::warning, k_evil, k_evil, {}, {}}};
  return plan;
}

TEST_CASE("a page shows every change, loads nothing and runs nothing") {
  const std::string page = render_html(fake::sample_plan());
  for (const char* piece : {"container/aegis",
                            "features.fuse",
                            "256MiB",
                            "destroys data",
                            "1 to create, 2 to change, 1 to remove, in 5 steps. 1 blocked.",
                            "--adopt container/theirs"}) {
    CHECK(page.find(piece) != std::string::npos);
  }
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("default-src 'none'") != std::string::npos);
}

TEST_CASE("what live systems say cannot become HTML") {
  const std::string page = render_html(evil_plan());
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("<img") == std::string::npos);
  CHECK(page.find('\x1b') == std::string::npos);
  CHECK(page.find("&lt;script&gt;") != std::string::npos);
  CHECK(page.find("&amp;amp;") != std::string::npos);
}

TEST_CASE(
    "what live systems say cannot leave its cell, link, mention or become markup in Markdown") {
  const std::string text = render_markdown(evil_plan());
  for (const char* piece : {"<script", "<img", "@everyone", " #12", "**b**", "`x`", "\n# Title"}) {
    INFO(piece);
    CHECK(text.find(piece) == std::string::npos);
  }
  // Every row of the two tables has as many bars as its head.
  std::size_t start = 0;
  std::ptrdiff_t bars = 0;
  while (start < text.size()) {
    const std::size_t end = text.find('\n', start);
    const std::string line = text.substr(start, end - start);
    const auto count = std::count(line.begin(), line.end(), '|');
    if (line.starts_with("|") && bars != 0) CHECK(count == bars);
    bars = line.starts_with("|") ? count : 0;
    start = end + 1;
  }
}

TEST_CASE("Markdown begins with the counts and folds the attributes away") {
  const std::string text = render_markdown(fake::sample_plan());
  CHECK(text.find("**Plan:** 1 to create, 2 to change, 1 to remove, in 5 steps. 1 blocked.") == 0);
  CHECK(text.find("| `+` | <code>stack/core/network/front</code> | create | not found |  |\n") !=
        std::string::npos);
  CHECK(text.find("<details>") < text.find("256MiB"));
  CHECK(render_markdown({}) == "No changes. The live systems match the manifests.\n");
}

TEST_CASE("no page shows a secret or its seal") {
  Vault vault;
  Plan plan;
  plan.changes = {change("container/a", Action::update, "")};
  plan.changes[0].attributes = {
      attribute("p", vault.seal("hush"), Json{{"x", vault.seal("hush")}})};
  for (const std::string& page : {render_html(plan), render_markdown(plan)}) {
    CHECK(page.find("sealed") == std::string::npos);
    CHECK(page.find("hush") == std::string::npos);
    CHECK(page.find("redacted") != std::string::npos);
  }
}

TEST_CASE("no page shows a plan that could not be made as a match") {
  Plan plan;
  plan.notes = {{Severity::error, "A circle", "Take one away.", {}, {}}};
  CHECK(render_html(plan).find("No changes") == std::string::npos);
  CHECK(render_html(plan).find("A circle") != std::string::npos);
  CHECK(render_markdown(plan).find("No changes") == std::string::npos);
  CHECK(render_markdown(plan).find("A circle") != std::string::npos);
}

}  // namespace
}  // namespace aegis
