#include "plan/once.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace aegis {
namespace {

using Indices = std::vector<std::size_t>;

using Families = std::map<std::string, Indices, std::less<>>;

Families families_of(const std::vector<Step>& steps) {
  Families families;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!steps[i].once.empty()) families[steps[i].once].push_back(i);
  }
  return families;
}

bool has(const Indices& indices, std::size_t index) {
  return std::find(indices.begin(), indices.end(), index) != indices.end();
}

// All that one of the family waits for, itself or by way of others.
std::set<std::size_t> leading_to(const Indices& family, const std::vector<Indices>& after) {
  std::set<std::size_t> found;
  Indices waits = family;
  while (!waits.empty()) {
    const std::size_t step = waits.back();
    waits.pop_back();
    for (const std::size_t before : after[step]) {
      if (found.insert(before).second) waits.push_back(before);
    }
  }
  for (const std::size_t member : family) found.erase(member);
  return found;
}

// A step that leads to the family must not wait for it.
Indices without_circle(Indices waits, const Indices& family, const std::vector<Indices>& after) {
  std::set<std::size_t> result;
  std::set<std::size_t> opened;
  while (!waits.empty()) {
    const std::size_t before = waits.back();
    waits.pop_back();
    if (!has(family, before)) {
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

// The last of the family stands for all of them.
void merge(const Indices& family, std::vector<Indices>& after) {
  const std::size_t kept = family.back();
  const std::vector<Indices> original = after;
  for (const std::size_t step : leading_to(family, original)) {
    after[step] = without_circle(after[step], family, original);
  }
  std::set<std::size_t> before;
  for (const std::size_t member : family) {
    for (const std::size_t step : original[member]) {
      if (!has(family, step)) before.insert(step);
    }
    after[member].clear();
  }
  after[kept] = {before.begin(), before.end()};
  for (Indices& waits : after) {
    for (std::size_t& index : waits) {
      if (has(family, index)) index = kept;
    }
    std::sort(waits.begin(), waits.end());
    waits.erase(std::unique(waits.begin(), waits.end()), waits.end());
  }
}

}  // namespace

void merge_once(std::vector<Step>& steps, std::vector<Indices>& after) {
  std::set<std::size_t> gone;
  for (const auto& [name, family] : families_of(steps)) {
    if (family.size() == 1) continue;
    merge(family, after);
    gone.insert(family.begin(), family.end() - 1);
  }
  if (!gone.empty()) drop(steps, after, gone);
}

}  // namespace aegis
