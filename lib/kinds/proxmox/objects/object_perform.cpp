#include "kinds/proxmox/objects/object_perform.h"

#include <fmt/format.h>

#include "kinds/proxmox/objects/object_calls.h"
#include "kinds/proxmox/objects/object_shape.h"

namespace aegis::proxmox {
namespace {

// What a failed call means for the next one.
enum class Next { again, give_up };

bool is_stale(const Error& error) {
  return error.message.find("detected modified configuration") != std::string::npos;
}

// Follows the failures of one operation: a lost answer is followed by one more call, a busy file or
// a digest that moved by as many as time allows.
class Patience {
 public:
  explicit Patience(const ObjectCalls& calls) : pauses_(calls.pauses()) {}

  Next after(const Error& error) {
    const bool lost = error.code == ErrorCode::outcome_unknown;
    if (lost) return ++lost_ > k_most_lost ? Next::give_up : pause();
    return is_busy(error) || is_stale(error) ? pause() : Next::give_up;
  }

  Next pause() { return pauses_.wait() ? Next::again : Next::give_up; }
  [[nodiscard]] bool was_lost() const { return lost_ > 0; }

 private:
  // A call that Proxmox still works on takes some looks until its end is seen.
  static constexpr int k_most_lost = 2;
  Pauses pauses_;
  int lost_ = 0;
};

Error taken(const ObjectCalls& calls) {
  return calls.explained(
      {ErrorCode::conflict,
       "it is there already, and is not what was planned. Somebody made it since: plan again."});
}

// Looks, after a call whose answer was lost, until the end is there or time is up.
Result<bool> arrives(const ObjectCalls& calls, const Json& wanted) {
  Pauses pauses = calls.short_pauses();
  Result<bool> seen = false;
  do {
    const auto present = calls.read();
    if (present) {
      seen = present->has_value() && calls.has(**present, wanted);
      if (*seen) return seen;
    } else {
      seen = present.error();
    }
  } while (pauses.wait());
  return seen;
}

Result<Json> create(const ObjectCalls& calls, const Json& wanted) {
  Patience patience(calls);
  while (true) {
    const auto made = calls.make(wanted);
    if (made) return Json::object();
    if (made.error().code == ErrorCode::outcome_unknown) {
      const auto there = arrives(calls, wanted);
      if (!there) return calls.explained(there.error());
      if (*there) return Json::object();
    }
    const auto present = calls.read();
    if (!present) return calls.explained(made.error());
    Next next = Next::give_up;
    if (!present->has_value()) {
      next = patience.after(made.error());
    } else if (calls.is_leaving(**present)) {
      next = patience.pause();
    } else {
      if (calls.has(**present, wanted)) return Json::object();
      return taken(calls);
    }
    if (next == Next::give_up) return calls.explained(made.error());
  }
}

// The values that the plan saw are still there, or those that it wants: an interrupted run's.
Result<Done> check_unchanged(const ObjectCalls& calls, const Step& step, const Json& present) {
  const Json shape = calls.shape_of(present);
  const Json& wanted = get(step.input, "wanted");
  for (const auto& [name, before] : get(step.input, "before").items()) {
    const Json& now = get(shape, name);
    if (now == before || now == get(wanted, name)) continue;
    return calls.explained(
        {ErrorCode::conflict,
         fmt::format("somebody changed `{}` since it was planned: plan again.", name)});
  }
  return Done{};
}

Result<Json> update(const ObjectCalls& calls, const Step& step) {
  const Json& wanted = get(step.input, "wanted");
  Patience patience(calls);
  while (true) {
    const auto present = calls.read();
    if (!present) return calls.explained(present.error());
    if (!present->has_value()) {
      return calls.explained(
          {ErrorCode::not_found, "it is gone since it was planned: plan again."});
    }
    // Secrets alone are not seen there: they are sent.
    const bool is_seen = !wanted.empty() || get(step.input, "secrets").empty();
    if (is_seen && calls.has(**present, wanted)) return Json::object();
    if (const auto same = check_unchanged(calls, step, **present); !same) return same.error();
    const auto written = calls.write(wanted, **present);
    if (written) return Json::object();
    if (patience.after(written.error()) == Next::give_up) return calls.explained(written.error());
  }
}

Result<Json> remove(const ObjectCalls& calls) {
  Patience patience(calls);
  while (true) {
    const auto present = calls.read();
    if (!present) return calls.explained(present.error());
    if (!present->has_value() || calls.is_leaving(**present)) return Json::object();
    if (!is_ours(calls.type(), **present)) {
      // Proxmox's own objects do not go: removing them gives them their first values back.
      if (patience.was_lost()) return Json::object();
      return calls.explained(
          {ErrorCode::conflict, "it is no longer marked as ours, and stays. Plan again."});
    }
    const auto removed = calls.remove();
    if (removed || is_missing(removed.error())) return Json::object();
    if (patience.after(removed.error()) == Next::give_up) return calls.explained(removed.error());
  }
}

}  // namespace

Result<Json> perform_object(const ObjectType& type, const Step& step, Effects& effects) {
  const ObjectCalls calls(type, step, effects);
  if (step.operation == "create") return create(calls, get(step.input, "wanted"));
  if (step.operation == "restore") return create(calls, get(step.input, "live"));
  if (step.operation == "update") return update(calls, step);
  if (step.operation == "remove") return remove(calls);
  return Error{ErrorCode::rejected,
               fmt::format("a {} has no operation called {}", type.noun, step.operation)};
}

}  // namespace aegis::proxmox
