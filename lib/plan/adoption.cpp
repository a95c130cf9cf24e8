#include "plan/adoption.h"

#include <algorithm>

namespace aegis {
namespace {

// Owner markers are one more word in a set: a tag.
bool only_adds_a_word(const AttributeChange& attribute) {
  const Json& after = attribute.after;
  if (!after.is_array()) return false;
  const Json before = attribute.before.is_null() ? Json::array() : attribute.before;
  return after.size() == before.size() + 1 &&
         std::all_of(before.begin(), before.end(), [&](const Json& word) {
           return std::find(after.begin(), after.end(), word) != after.end();
         });
}

}  // namespace

bool only_takes_over(const Change& change) {
  return change.action == Action::adopt &&
         std::all_of(change.attributes.begin(), change.attributes.end(), only_adds_a_word);
}

}  // namespace aegis
