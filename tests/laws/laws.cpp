#include "laws/laws.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <utility>

#include "engine/apply.h"
#include "engine/observe.h"
#include "laws/breaking_doors.h"
#include "support/quiet_run.h"

namespace aegis::laws {
namespace {

constexpr std::array<std::pair<Break, std::string_view>, 5> k_breaks{{
    {Break::refuse, "refused"},
    {Break::lose_answer, "answer lost"},
    {Break::hang_up_before, "hung up before"},
    {Break::hang_up_after, "hung up after"},
    {Break::stop, "stopped"},
}};

using test::NoJournal;
using test::NoObserver;

/// One run of the tool, from the manifests to the report. Nothing is kept from one to the next.
class Run {
 public:
  Run(const LawCase& law_case, const Wanted& wanted, LawWorld& world)
      : law_case_(law_case), world_(world), desired_(wanted(vault_)) {}

  /// The plan; a violation when the world cannot be read.
  std::optional<Plan> plan(std::vector<std::string>& violations) {
    const Observed observed =
        observe(desired_, law_case_.kinds, world_.http(), world_.shell(), vault_);
    for (const Unreadable& failure : observed.failures) {
      violations.push_back("cannot be read: " + failure.error.message);
    }
    if (!observed.failures.empty()) return std::nullopt;
    return make_plan(desired_, observed.world, law_case_.kinds, law_case_.options);
  }

  /// Steps run one after the other, so that the k-th write is the same every time.
  Report apply_plan(const Plan& plan,
                    HttpTransport& http,
                    RemoteShell& shell,
                    std::stop_token stop) {
    const Effects effects{http, shell, world_.clock(), vault_, world_.secrets()};
    NoJournal journal;
    NoObserver observer;
    return apply(plan, law_case_.kinds, effects, journal, observer, std::move(stop), {1});
  }

 private:
  const LawCase& law_case_;
  LawWorld& world_;
  Vault vault_;
  Desired desired_;
};

std::string describe_failure(const Plan& plan, const Report& report) {
  std::string text(to_string(report.outcome));
  for (std::size_t i = 0; i < report.results.size(); ++i) {
    const StepResult& result = report.results[i];
    if (!result.error) continue;
    text +=
        fmt::format("; step {} '{}': {}", result.id, plan.steps[i].title, result.error->message);
  }
  return text;
}

/// All that a plan would do, inputs included: in memory only.
std::string describe_steps(const Plan& plan) {
  std::string text;
  for (const Step& step : plan.steps) {
    text += fmt::format("{} {} {} {} {} after {}\n",
                        step.id,
                        aegis::to_string(step.address),
                        step.operation,
                        step.title,
                        dump_json(step.input),
                        dump_json(step.after));
  }
  return text;
}

/// The first difference that a plan would make, for people.
std::string describe_difference(const Plan& plan) {
  const Change& change = plan.changes.front();
  std::string text = fmt::format(
      "{} {} ({})", to_string(change.action), aegis::to_string(change.address), change.cause);
  if (!change.blocked.empty()) text += " blocked: " + change.blocked;
  for (const AttributeChange& attribute : change.attributes) {
    text += fmt::format("; {}: {} -> {}",
                        attribute.path,
                        dump_json(redacted(attribute.before)),
                        dump_json(redacted(attribute.after)));
  }
  return text;
}

/// Plans and applies without a fault. False, with a violation, when that does not succeed.
bool run_cleanly(const LawCase& law_case,
                 const Wanted& wanted,
                 LawWorld& world,
                 std::vector<std::string>& violations) {
  Run run(law_case, wanted, world);
  const auto plan = run.plan(violations);
  if (!plan) return false;
  const Report report = run.apply_plan(*plan, world.http(), world.shell(), {});
  if (report.outcome == Outcome::succeeded) return true;
  violations.push_back("an unbroken run fails: " + describe_failure(*plan, report));
  return false;
}

/// A new world at the starting point of the case, or nothing when it cannot be reached.
std::unique_ptr<LawWorld> make_start(const LawCase& law_case,
                                     std::vector<std::string>& violations) {
  auto world = law_case.make_world();
  for (std::size_t i = 0; i + 1 < law_case.stages.size(); ++i) {
    if (!run_cleanly(law_case, law_case.stages[i], *world, violations)) return nullptr;
  }
  return world;
}

void check_rest(const LawCase& law_case, LawWorld& world, std::vector<std::string>& violations) {
  Run again(law_case, law_case.stages.back(), world);
  const auto plan = again.plan(violations);
  if (!plan || !plan->has_differences()) return;
  violations.push_back("the second plan finds something: " + describe_difference(*plan));
}

/// Breaks one run at write `k`, then runs again. False when the run had fewer writes.
bool try_break(const LawCase& law_case,
               Break how,
               std::size_t k,
               const Json& end,
               std::vector<std::string>& violations) {
  std::vector<std::string> found;
  bool was_struck = false;
  if (const auto world = make_start(law_case, found)) {
    std::stop_source stop;
    BreakPoint point(how, k, stop);
    BreakingHttp http(world->http(), point);
    BreakingShell shell(world->shell(), point);
    Run broken(law_case, law_case.stages.back(), *world);
    if (const auto plan = broken.plan(found)) {
      broken.apply_plan(*plan, http, shell, stop.get_token());
    }
    was_struck = point.writes() >= k;
    if (was_struck && run_cleanly(law_case, law_case.stages.back(), *world, found)) {
      check_rest(law_case, *world, found);
      const Json reached = world->essence();
      if (reached != end) {
        found.push_back(
            fmt::format("another end: {} instead of {}", dump_json(reached), dump_json(end)));
      }
    }
  }
  for (const std::string& violation : found) {
    violations.push_back(fmt::format("{} at write {}: {}", to_string(how), k, violation));
  }
  return was_struck;
}

}  // namespace

std::string_view to_string(Break how) {
  for (const auto& [candidate, name] : k_breaks) {
    if (candidate == how) return name;
  }
  return {};
}

std::vector<std::string> violations_of_rest(const LawCase& law_case) {
  std::vector<std::string> violations;
  const auto world = make_start(law_case, violations);
  if (!world) return violations;
  Run run(law_case, law_case.stages.back(), *world);
  const auto plan = run.plan(violations);
  const auto same_plan = run.plan(violations);
  if (plan && same_plan && describe_steps(*plan) != describe_steps(*same_plan)) {
    violations.push_back("the same values gave two plans");
  }
  if (run_cleanly(law_case, law_case.stages.back(), *world, violations)) {
    check_rest(law_case, *world, violations);
  }
  return violations;
}

std::vector<std::string> violations_of_convergence(const LawCase& law_case) {
  std::vector<std::string> violations;
  const auto world = make_start(law_case, violations);
  if (!world || !run_cleanly(law_case, law_case.stages.back(), *world, violations)) {
    return violations;
  }
  const Json end = world->essence();
  for (const auto& [how, name] : k_breaks) {
    for (std::size_t k = 1; try_break(law_case, how, k, end, violations); ++k) {
    }
  }
  return violations;
}

}  // namespace aegis::laws
