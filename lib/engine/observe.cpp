#include "engine/observe.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "engine/read_only.h"
#include "engine/wave.h"

namespace aegis {
namespace {

/// No system needs more round trips one after the other; a kind that asks on is broken.
constexpr int k_most_waves = 16;

/// The batch of one kind in one scope.
struct Reading {
  const Kind* kind;
  Batch batch;
  bool endless = false;  ///< it still asked for more when the waves were used up
};

/// "server fsn1" of "server/fsn1": the scope as people say it.
std::string spoken(std::string scope_name) {
  const auto slash = scope_name.find('/');
  if (slash != std::string::npos) scope_name[slash] = ' ';
  return scope_name;
}

/// Failures by scope; what several kinds report alike is kept once.
void add_failure(std::vector<Unreadable>& failures, const std::string& scope, const Error& error) {
  Unreadable failure{scope, error.in_context(spoken(scope))};
  const bool known = std::any_of(failures.begin(), failures.end(), [&](const Unreadable& other) {
    return other.scope == scope && other.error.message == failure.error.message;
  });
  if (!known) failures.push_back(std::move(failure));
}

/// One reading for every kind in every scope that it is for, resources or not: orphans live there
/// too.
std::vector<Reading> make_readings(const Desired& desired,
                                   std::span<const Kind> kinds,
                                   std::vector<Unreadable>& failures) {
  std::vector<Reading> readings;
  std::map<std::pair<std::string_view, std::string_view>, std::size_t> places;
  for (const auto& [name, scope] : desired.scopes) {
    for (const Kind& kind : kinds) {
      if (scope.type() != kind.scope_type) continue;
      places[{kind.name, name}] = readings.size();
      readings.push_back({&kind, {scope, {}}});
    }
  }
  for (const auto& [address, resource] : desired.resources) {
    const auto place = places.find({address.kind, resource.scope});
    if (place == places.end()) {
      add_failure(failures,
                  resource.scope,
                  {ErrorCode::not_found, "nothing here reads " + to_string(address)});
      continue;
    }
    readings[place->second].batch.resources.push_back(&resource);
  }
  return readings;
}

/// What every kind wants to know and nobody has asked yet, sorted.
std::vector<Query> next_queries(std::vector<Reading>& readings,
                                const Replies& replies,
                                bool may_ask) {
  std::vector<Query> fresh;
  for (Reading& reading : readings) {
    for (Query& query : reading.kind->queries(reading.batch, replies)) {
      if (replies.contains(query)) continue;
      reading.endless = !may_ask;
      fresh.push_back(std::move(query));
    }
  }
  std::sort(fresh.begin(), fresh.end());
  fresh.erase(std::unique(fresh.begin(), fresh.end()), fresh.end());
  return fresh;
}

/// Adds an observation. The names of two scopes may clash (a container was declared on another
/// server, its orphan is still on the first one): what is declared keeps its address, the other is
/// called "name@scope".
void add_observation(World& world, const Desired& desired, Observation&& observation) {
  const auto declared = desired.resources.find(observation.address);
  const bool is_declared =
      declared != desired.resources.end() && declared->second.scope == observation.scope;
  const bool is_taken =
      declared != desired.resources.end() || world.objects.contains(observation.address);
  if (!is_declared && is_taken) {
    const std::string_view scope = observation.scope;
    observation.address.name += fmt::format("@{}", scope.substr(scope.find('/') + 1));
  }
  const Address address = observation.address;
  world.objects.insert_or_assign(address, std::move(observation));
}

void interpret_all(const std::vector<Reading>& readings,
                   const Desired& desired,
                   const Replies& replies,
                   Vault& vault,
                   Observed& observed) {
  for (const auto& [kind, batch, endless] : readings) {
    if (endless) {
      add_failure(
          observed.failures,
          batch.scope.name,
          {ErrorCode::timed_out,
           fmt::format(
               "reading {} did not come to an end in {} round trips", kind->name, k_most_waves)});
      continue;
    }
    auto observations = kind->interpret(batch, replies, vault);
    if (!observations) {
      add_failure(observed.failures, batch.scope.name, observations.error());
      continue;
    }
    for (Observation& observation : *observations) {
      observation.scope = batch.scope.name;
      add_observation(observed.world, desired, std::move(observation));
    }
  }
}

}  // namespace

Observed observe(const Desired& desired,
                 std::span<const Kind> kinds,
                 HttpTransport& http,
                 RemoteShell& shell,
                 Vault& vault) {
  ReadOnlyHttp reading_http(http);
  ReadOnlyShell reading_shell(shell);
  Observed observed;
  std::vector<Reading> readings = make_readings(desired, kinds, observed.failures);
  Replies replies;
  while (true) {
    const bool may_ask = observed.waves < k_most_waves;
    const std::vector<Query> queries = next_queries(readings, replies, may_ask);
    if (queries.empty() || !may_ask) break;
    read_wave(queries, reading_http, reading_shell, vault, replies);
    observed.queries += queries.size();
    ++observed.waves;
  }
  interpret_all(readings, desired, replies, vault, observed);
  return observed;
}

}  // namespace aegis
