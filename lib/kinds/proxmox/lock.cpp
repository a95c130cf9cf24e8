#include "kinds/proxmox/lock.h"

#include <fmt/format.h>

#include "kinds/proxmox/api.h"

namespace aegis::proxmox {
namespace {

// A lock that is given back between the refusal and the look at its holder is tried for again.
constexpr int k_tries = 3;

std::string pool_path() {
  return api_path(fmt::format("/pools/{}", k_lock_pool));
}

ApiClient client_of(const Scope& scope, Effects& effects) {
  return {effects, text_or(scope.settings, "endpoint")};
}

bool says(const Error& error, std::string_view words) {
  return error.message.find(words) != std::string::npos;
}

std::string comment_of(const LockHolder& holder) {
  const auto since = std::chrono::system_clock::to_time_t(holder.since);
  return dump_json({{"run", holder.run},
                    {"who", holder.who},
                    {"operation", holder.operation},
                    {"since", static_cast<std::int64_t>(since)}});
}

// A comment that is not ours (a pool made by hand) still is a lock: nobody knows whose.
LockHolder parse_comment(const std::string& comment) {
  LockHolder holder;
  const auto parsed = parse_json(comment);
  if (!parsed || !parsed->is_object()) {
    holder.who = "somebody";
    holder.operation = "an unknown operation";
    return holder;
  }
  holder.run = text_or(*parsed, "run");
  holder.who = text_or(*parsed, "who", "somebody");
  holder.operation = text_or(*parsed, "operation", "an unknown operation");
  holder.since =
      std::chrono::system_clock::from_time_t(as_integer(get(*parsed, "since")).value_or(0));
  return holder;
}

}  // namespace

Result<std::optional<LockHolder>> read_lock(const Scope& scope, Effects& effects) {
  const auto pool = client_of(scope, effects).get(pool_path());
  if (pool) return std::optional(parse_comment(text_or(*pool, "comment")));
  if (says(pool.error(), "does not exist")) return std::optional<LockHolder>();
  return pool.error().in_context("reading the lock of " + scope.name);
}

Result<Done> take_lock(const Scope& scope, const LockHolder& holder, Effects& effects) {
  const ApiClient api = client_of(scope, effects);
  const Form form{{"poolid", std::string(k_lock_pool)}, {"comment", comment_of(holder)}};
  Error last;
  for (int i = 0; i < k_tries; ++i) {
    const auto made = api.post(api_path("/pools"), form);
    if (made) return Done{};
    last = made.error();
    const bool look = says(last, "already exists") || last.code == ErrorCode::outcome_unknown;
    if (!look) break;
    const auto present = proxmox::read_lock(scope, effects);
    if (!present) return present.error();
    if (!*present) continue;
    if ((*present)->run == holder.run) return Done{};
    return locked_by(**present, scope.name);
  }
  return last.in_context("taking the lock of " + scope.name);
}

Result<Done> release_lock(const Scope& scope, const std::string& run, Effects& effects) {
  const ApiClient api = client_of(scope, effects);
  Error last;
  for (int i = 0; i < k_tries; ++i) {
    const auto present = proxmox::read_lock(scope, effects);
    if (!present) return present.error();
    const bool is_ours = *present && (run.empty() || (*present)->run == run);
    if (!is_ours) return Done{};
    const auto removed = api.remove(pool_path(), {});
    if (removed || says(removed.error(), "does not exist")) return Done{};
    last = removed.error();
    if (last.code != ErrorCode::outcome_unknown) break;
  }
  return last.in_context("giving back the lock of " + scope.name);
}

}  // namespace aegis::proxmox
