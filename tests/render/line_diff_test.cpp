#include "render/line_diff.h"

#include <catch2/catch.hpp>
#include <random>

namespace aegis {
namespace {

using Lines = std::vector<std::string>;
using Type = DiffLine::Type;

TEST_CASE("equal texts have no difference") {
  CHECK(diff_lines({"a", "b"}, {"a", "b"}).empty());
  CHECK(diff_lines({}, {}).empty());
}

TEST_CASE("only what differs is shown, with two lines around it and gaps between") {
  const Lines before{"1", "2", "3", "4", "5", "6", "7", "8", "9"};
  const Lines after{"1", "2", "3", "four", "5", "6", "7", "8", "9"};
  CHECK(diff_lines(before, after) == std::vector<DiffLine>{{Type::gap, ""},
                                                           {Type::kept, "2"},
                                                           {Type::kept, "3"},
                                                           {Type::removed, "4"},
                                                           {Type::added, "four"},
                                                           {Type::kept, "5"},
                                                           {Type::kept, "6"},
                                                           {Type::gap, ""}});
}

TEST_CASE("the kept and the added lines are the new text, the kept and the removed the old one") {
  std::mt19937 random(3);
  for (int i = 0; i < 300; ++i) {
    const auto some_lines = [&] {
      Lines lines;
      // Three different lines and at most four of them: no gap can arise between differences.
      for (std::size_t k = random() % 5; k > 0; --k) lines.push_back(std::to_string(random() % 3));
      return lines;
    };
    const Lines before = some_lines();
    const Lines after = some_lines();
    const auto diff = diff_lines(before, after);
    if (before == after) continue;
    Lines old_text;
    Lines new_text;
    bool gap = false;
    for (const DiffLine& line : diff) {
      gap = gap || line.type == Type::gap;
      if (line.type != Type::added) old_text.push_back(line.text);
      if (line.type != Type::removed) new_text.push_back(line.text);
    }
    if (gap) continue;
    CHECK(old_text == before);
    CHECK(new_text == after);
  }
}

TEST_CASE("texts that differ in thousands of lines are compared without a table of millions") {
  const Lines before(20'000, "old");
  const Lines after(20'000, "new");
  CHECK(diff_lines(before, after).size() == 40'000);
}

}  // namespace
}  // namespace aegis
