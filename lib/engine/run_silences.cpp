#include "engine/run_silences.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <set>

#include "engine/silences.h"
#include "engine/utc_time.h"

namespace aegis {
namespace {

constexpr std::chrono::hours k_longest{1};
constexpr std::chrono::minutes k_settling{2};
constexpr std::string_view k_guest = "guest/";

// The address whose alerts a disturbance of `address` raises. A service that is restarted on a
// server says nothing of all that runs there.
std::optional<std::string> subject_of(const Address& address) {
  if (address.scope.starts_with("host/") || address.scope.starts_with("server/")) {
    return std::nullopt;
  }
  if (!address.scope.starts_with(k_guest)) return to_string(address);
  return "container/" + address.scope.substr(k_guest.size());
}

}  // namespace

std::vector<Silence> silences_for_plan(const Plan& plan,
                                       const Desired& desired,
                                       const Alerting& alerting) {
  std::set<std::string> whole;  // with what they hold
  std::set<std::string> all;
  for (const Step& step : plan.steps) {
    if (step.disruption < Disruption::restart_service) continue;
    const auto subject = subject_of(step.address);
    if (!subject) continue;
    all.insert(*subject);
    if (step.address.scope.starts_with(k_guest)) continue;
    for (std::string& held : held_addresses(*subject, desired)) whole.insert(std::move(held));
  }
  all.insert(whole.begin(), whole.end());
  if (all.empty()) return {};
  std::vector<Silence> silences{silence_of_resources({all.begin(), all.end()})};
  auto systems = silence_of_systems({whole.begin(), whole.end()}, alerting);
  if (systems) silences.push_back(std::move(*systems));
  return silences;
}

Result<Done> RunSilences::open(std::vector<Silence> silences, const std::string& who) {
  const TimePoint now = clock_.now();
  for (Silence& silence : silences) {
    silence.from = format_utc(now);
    silence.until = format_utc(now + k_longest);
    silence.by = who;
    silence.comment = "aegisctl changes it";
    const auto id = alertmanager_.add(silence);
    if (!id) return id.error();
    silence.id = *id;
    open_.push_back(std::move(silence));
  }
  return Done{};
}

Result<Done> RunSilences::close(bool succeeded) {
  std::optional<Error> problem;
  for (Silence& silence : open_) {
    silence.until = format_utc(clock_.now() + k_settling);
    Result<Done> done = Done{};
    if (!succeeded) {
      done = alertmanager_.end(silence.id);
    } else if (const auto id = alertmanager_.add(silence); !id) {
      done = id.error();
    }
    if (!done) problem = done.error();
  }
  open_.clear();
  if (problem) return *problem;
  return Done{};
}

}  // namespace aegis
