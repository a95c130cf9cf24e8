#include <catch2/catch.hpp>
#include <map>
#include <mutex>
#include <set>
#include <vector>

#include "toy.h"

using namespace aegis;
using namespace aegis::toy;

namespace {

/// Things that are made, configured, then started; each of the three is one step.
struct Shop {
  std::map<std::string, std::set<std::string>> things;
  std::mutex mutex;  ///< steps come from several threads

  void act(const Step& step) {
    const std::lock_guard guard(mutex);
    things[step.address.name].insert(step.operation);
  }
};

const std::vector<std::string> k_names{"a", "b", "c"};
const std::vector<std::string> k_operations{"make", "configure", "start"};

/// The steps that are missing, read from the shop alone.
std::vector<Step> plan_for(const Shop& shop) {
  std::vector<Step> steps;
  std::vector<StepId> before;
  for (const std::string& name : k_names) {
    const auto thing = shop.things.find(name);
    for (const std::string& operation : k_operations) {
      if (thing != shop.things.end() && thing->second.contains(operation)) continue;
      Step next = step(static_cast<StepId>(steps.size()) + 1, name, before);
      next.operation = operation;
      before = {next.id};
      steps.push_back(next);
    }
    if (name == "a") before.clear();  // b does not need a; c needs b
  }
  return steps;
}

enum class Fault { fail_before, drop_after, stop };

/// Runs the plan with a fault at call `k`; then runs again without. The calls of the second run.
std::size_t run_with_fault(Fault fault, std::size_t k, Shop& shop) {
  Rig first;
  first.world.answer = [&](const Step& step) -> Result<Json> {
    const bool now = first.world.calls().size() == k;
    if (now && fault == Fault::fail_before) return Error{ErrorCode::unreachable, "down"};
    shop.act(step);
    if (now && fault == Fault::drop_after) return Error{ErrorCode::outcome_unknown, "lost"};
    if (now && fault == Fault::stop) first.stop.request_stop();
    return Json::object();
  };
  first.parallelism = 1;
  const Report broken = first.apply_steps(plan_for(shop));
  if (fault != Fault::stop) CHECK(broken.outcome == Outcome::partial);

  Rig second;
  second.world.answer = [&](const Step& step) -> Result<Json> {
    shop.act(step);
    return Json::object();
  };
  CHECK(second.apply_steps(plan_for(shop)).outcome == Outcome::succeeded);
  return second.world.calls().size();
}

}  // namespace

TEST_CASE("broken at any step in any way, the next run reaches the same end and no step is lost") {
  const std::size_t all = k_names.size() * k_operations.size();
  for (const Fault fault : {Fault::fail_before, Fault::drop_after, Fault::stop}) {
    for (std::size_t k = 1; k <= all; ++k) {
      CAPTURE(static_cast<int>(fault), k);
      Shop shop;
      run_with_fault(fault, k, shop);
      for (const std::string& name : k_names) {
        CHECK(shop.things[name] == std::set<std::string>(k_operations.begin(), k_operations.end()));
      }
      CHECK(plan_for(shop).empty());
    }
  }
}

TEST_CASE("a failure costs the next run only what was not reached") {
  Shop failed;
  // The first step of `a` fails: b and c, which do not need it, are complete.
  CHECK(run_with_fault(Fault::fail_before, 1, failed) == 3);
  Shop stopped;
  CHECK(run_with_fault(Fault::stop, 4, stopped) == 5);
}
