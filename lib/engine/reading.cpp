#include "engine/reading.h"

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

/// "server fsn1" of "server/fsn1": the scope as people say it.
std::string spoken(std::string scope_name) {
  const auto slash = scope_name.find('/');
  if (slash != std::string::npos) scope_name[slash] = ' ';
  return scope_name;
}

/// What every kind wants to know and nobody has asked yet, sorted.
std::vector<Query> next_queries(std::vector<Reading>& readings,
                                Questions questions,
                                const Replies& replies,
                                bool may_ask) {
  std::vector<Query> fresh;
  for (Reading& reading : readings) {
    for (Query& query : (reading.kind->*questions)(reading.batch, replies)) {
      if (replies.contains(query)) continue;
      reading.endless = !may_ask;
      fresh.push_back(std::move(query));
    }
  }
  std::sort(fresh.begin(), fresh.end());
  fresh.erase(std::unique(fresh.begin(), fresh.end()), fresh.end());
  return fresh;
}

}  // namespace

void add_failure(std::vector<Unreadable>& failures, const std::string& scope, const Error& error) {
  Unreadable failure{scope, error.in_context(spoken(scope))};
  const bool known = std::any_of(failures.begin(), failures.end(), [&](const Unreadable& other) {
    return other.scope == scope && other.error.message == failure.error.message;
  });
  if (!known) failures.push_back(std::move(failure));
}

std::vector<Reading> make_readings(const Desired& desired, std::span<const Kind* const> kinds) {
  std::vector<Reading> readings;
  std::map<std::pair<std::string_view, std::string_view>, std::size_t> places;
  for (const auto& [name, scope] : desired.scopes) {
    for (const Kind* kind : kinds) {
      if (scope.type() != kind->scope_type) continue;
      places[{kind->name, name}] = readings.size();
      readings.push_back({kind, {scope, {}}});
    }
  }
  for (const auto& [address, resource] : desired.resources) {
    const auto place = places.find({address.kind, resource.scope});
    if (place != places.end()) readings[place->second].batch.resources.push_back(&resource);
  }
  return readings;
}

Error endless_error(const Reading& reading) {
  return {
      ErrorCode::timed_out,
      fmt::format(
          "reading {} did not come to an end in {} round trips", reading.kind->name, k_most_waves)};
}

Asked ask_all(std::vector<Reading>& readings,
              Questions questions,
              HttpTransport& http,
              RemoteShell& shell,
              const Vault& vault,
              Replies& replies) {
  ReadOnlyHttp reading_http(http);
  ReadOnlyShell reading_shell(shell);
  Asked asked;
  while (true) {
    const bool may_ask = asked.waves < k_most_waves;
    const std::vector<Query> queries = next_queries(readings, questions, replies, may_ask);
    if (queries.empty() || !may_ask) return asked;
    read_wave(queries, reading_http, reading_shell, vault, replies);
    asked.queries += queries.size();
    ++asked.waves;
  }
}

}  // namespace aegis
