#include "plan/preparation.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <stdexcept>

namespace aegis {
namespace {

bool disturbs(const Step& step) {
  return step.disruption >= Disruption::restart_service || step.destroys_data;
}

struct Rounds {
  std::vector<std::size_t> of_step;
  std::vector<std::size_t>
      settled;  ///< preparing steps of rounds below this are waited for already
};

// A step that waits for a disturbance of round n inherits that everything prepared up to round n
// is done.
Rounds rounds_of(const std::vector<Step>& steps,
                 const std::vector<std::vector<std::size_t>>& after) {
  Rounds rounds{std::vector<std::size_t>(steps.size()), std::vector<std::size_t>(steps.size())};
  for (const std::size_t i : sorted_steps(after)) {
    for (const std::size_t before : after[i]) {
      const std::size_t own = disturbs(steps[before]) ? 1 : 0;
      rounds.of_step[i] = std::max(rounds.of_step[i], rounds.of_step[before] + own);
      const std::size_t settled = own == 1 ? rounds.of_step[before] + 1 : rounds.settled[before];
      rounds.settled[i] = std::max(rounds.settled[i], settled);
    }
  }
  return rounds;
}

}  // namespace

void put_preparation_first(const std::vector<Step>& steps,
                           std::vector<std::vector<std::size_t>>& after) {
  const Rounds rounds = rounds_of(steps, after);
  std::vector<std::vector<std::size_t>> prepared_in;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    // A step that both prepares and disturbs cannot be done ahead of the others.
    if (!steps[i].prepares || disturbs(steps[i])) continue;
    const std::size_t round = rounds.of_step[i];
    if (prepared_in.size() <= round) prepared_in.resize(round + 1);
    prepared_in[round].push_back(i);
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!disturbs(steps[i])) continue;
    const std::size_t end = std::min(rounds.of_step[i] + 1, prepared_in.size());
    for (std::size_t round = rounds.settled[i]; round < end; ++round) {
      after[i].insert(after[i].end(), prepared_in[round].begin(), prepared_in[round].end());
    }
  }
}

std::vector<std::size_t> sorted_steps(const std::vector<std::vector<std::size_t>>& after) {
  std::vector<std::vector<std::size_t>> then(after.size());
  std::vector<std::size_t> waits_for(after.size());
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
  for (std::size_t i = 0; i < after.size(); ++i) {
    waits_for[i] = after[i].size();
    for (const std::size_t before : after[i]) then[before].push_back(i);
    if (after[i].empty()) ready.push(i);
  }
  std::vector<std::size_t> sorted;
  sorted.reserve(after.size());
  while (!ready.empty()) {
    const std::size_t next = ready.top();
    ready.pop();
    sorted.push_back(next);
    for (const std::size_t i : then[next]) {
      if (--waits_for[i] == 0) ready.push(i);
    }
  }
  if (sorted.size() < after.size()) throw std::logic_error("steps wait for each other in a circle");
  return sorted;
}

}  // namespace aegis
