#include "engine/observe.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace aegis {
namespace {

/// Reports what is declared and no kind reads.
void report_unread(const Desired& desired,
                   const std::vector<Reading>& readings,
                   std::vector<Unreadable>& failures) {
  std::size_t read = 0;
  for (const Reading& reading : readings) read += reading.batch.resources.size();
  if (read == desired.resources.size()) return;
  for (const auto& [address, resource] : desired.resources) {
    const bool is_read = std::any_of(
        readings.begin(),
        readings.end(),
        [&address = address, &resource = resource](const Reading& reading) {
          return reading.kind->name == address.kind && reading.batch.scope.name == resource.scope;
        });
    if (is_read) continue;
    add_failure(failures,
                resource.scope,
                {ErrorCode::not_found, "nothing here reads " + to_string(address)});
  }
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

}  // namespace

void interpret_readings(const std::vector<Reading>& readings,
                        const Desired& desired,
                        const Replies& replies,
                        Vault& vault,
                        Observed& observed) {
  report_unread(desired, readings, observed.failures);
  for (const Reading& reading : readings) {
    const Batch& batch = reading.batch;
    if (reading.endless) {
      add_failure(observed.failures, batch.scope.name, endless_error(reading));
      continue;
    }
    auto observations = reading.kind->interpret(batch, replies, vault);
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

Observed observe(const Desired& desired,
                 std::span<const Kind> kinds,
                 HttpTransport& http,
                 RemoteShell& shell,
                 Vault& vault) {
  std::vector<const Kind*> all;
  for (const Kind& kind : kinds) all.push_back(&kind);
  std::vector<Reading> readings = make_readings(desired, all);
  Observed observed;
  Replies replies;
  const Asked asked = ask_all(readings, &Kind::queries, {}, http, shell, vault, replies);
  observed.waves = asked.waves;
  observed.queries = asked.queries;
  interpret_readings(readings, desired, replies, vault, observed);
  return observed;
}

}  // namespace aegis
