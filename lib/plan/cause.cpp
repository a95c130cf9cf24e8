#include "plan/cause.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace aegis {

std::string cause_of_difference(const std::vector<AttributeChange>& attributes) {
  constexpr std::size_t k_most_named = 2;
  std::vector<std::string> names;
  for (const bool forcing : {true, false}) {
    for (const AttributeChange& attribute : attributes) {
      if (attribute.forces_replace == forcing) names.push_back(attribute.path);
    }
  }
  if (names.empty()) return {};
  if (names.size() > k_most_named + 1) {
    const std::size_t more = names.size() - k_most_named;
    names.resize(k_most_named);
    names.push_back(fmt::format("{} more", more));
  }
  return list_words(names) + " changed";
}

}  // namespace aegis
