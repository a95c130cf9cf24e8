#include "plan/once.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace aegis {
namespace {

using Indices = std::vector<std::size_t>;

/// The steps that are one.
struct Family {
  std::size_t kept = 0;
  Indices members;
  std::set<std::size_t> before;  ///< what any of them waits for itself
};

using Families = std::map<std::string, Family, std::less<>>;

Families families_of(const std::vector<Step>& steps, const std::vector<Indices>& after) {
  Families families;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].once.empty()) continue;
    Family& family = families[steps[i].once];
    family.kept = i;
    family.members.push_back(i);
    family.before.insert(after[i].begin(), after[i].end());
  }
  for (auto& [name, family] : families) {
    for (const std::size_t member : family.members) family.before.erase(member);
  }
  return families;
}

// A step that leads to the family must not wait for it.
Indices without_circle(Indices waits, const Family& family, const std::vector<Indices>& after) {
  std::set<std::size_t> result;
  std::set<std::size_t> opened;
  while (!waits.empty()) {
    const std::size_t before = waits.back();
    waits.pop_back();
    const auto& members = family.members;
    if (std::find(members.begin(), members.end(), before) == members.end()) {
      result.insert(before);
    } else if (opened.insert(before).second) {
      waits.insert(waits.end(), after[before].begin(), after[before].end());
    }
  }
  return {result.begin(), result.end()};
}

void drop(std::vector<Step>& steps,
          std::vector<Indices>& after,
          const std::set<std::size_t>& gone) {
  std::vector<std::size_t> place(steps.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    place[i] = next;
    if (gone.contains(i)) continue;
    if (next != i) {
      steps[next] = std::move(steps[i]);
      after[next] = std::move(after[i]);
    }
    ++next;
  }
  steps.resize(next);
  after.resize(next);
  for (Indices& before : after) {
    for (std::size_t& index : before) index = place[index];
  }
}

}  // namespace

void merge_once(std::vector<Step>& steps, std::vector<Indices>& after) {
  const Families families = families_of(steps, after);
  if (families.empty()) return;
  const std::vector<Indices> original = after;
  std::set<std::size_t> gone;
  std::map<std::size_t, std::size_t> stands_for;
  for (const auto& [name, family] : families) {
    for (const std::size_t step : family.before) {
      after[step] = without_circle(after[step], family, original);
    }
    for (const std::size_t member : family.members) {
      if (member == family.kept) continue;
      gone.insert(member);
      stands_for[member] = family.kept;
    }
    after[family.kept] = {family.before.begin(), family.before.end()};
  }
  for (Indices& before : after) {
    for (std::size_t& index : before) {
      const auto found = stands_for.find(index);
      if (found != stands_for.end()) index = found->second;
    }
    std::sort(before.begin(), before.end());
    before.erase(std::unique(before.begin(), before.end()), before.end());
  }
  drop(steps, after, gone);
}

}  // namespace aegis
