#include "kinds/os/reading.h"

#include <fmt/format.h>

#include <set>

#include "base/text.h"
#include "kinds/os/place.h"

namespace aegis::os {
namespace {

Query fact_query(const Place& place, const Asks& asks) {
  return {Query::Type::facts, place.shell, fact_script(asks)};
}

Result<Facts> facts_of(const Place& place, const Asks& asks, const Replies& replies) {
  const auto found = replies.find(fact_query(place, asks));
  if (found == replies.end()) return Error{ErrorCode::outcome_unknown, "it was not asked"};
  const Reply& reply = found->second;
  if (reply.error) return *reply.error;
  if (get(reply.body, "exit_status") != 0) {
    return Error{
        ErrorCode::rejected,
        fmt::format("its shell ended with status {}", as_text(get(reply.body, "exit_status")))};
  }
  return parse_facts(text_or(reply.body, "out"));
}

}  // namespace

std::vector<Query> os_queries(const Batch& batch, const Replies& replies, More more) {
  std::vector<Query> queries = presence_queries(batch.scope);
  const auto running = is_running(batch.scope, replies);
  if (!running || !*running) return queries;
  const Place place = read_place(batch.scope);
  queries.push_back(fact_query(place, place.asks));
  const auto facts = facts_of(place, place.asks, replies);
  if (!facts) return queries;
  const Asks further = more(batch, *facts);
  if (!further.empty()) queries.push_back(fact_query(place, further));
  return queries;
}

Result<std::optional<Facts>> os_facts(const Batch& batch, const Replies& replies, More more) {
  const auto running = is_running(batch.scope, replies);
  if (!running) return running.error();
  if (!*running) return std::optional<Facts>();
  const Place place = read_place(batch.scope);
  auto facts = facts_of(place, place.asks, replies);
  if (!facts) return facts.error();
  const Asks further = more(batch, *facts);
  if (!further.empty()) {
    auto later = facts_of(place, further, replies);
    if (!later) return later.error();
    facts->merge(std::move(*later));
  }
  return std::optional<Facts>(std::move(*facts));
}

std::vector<std::string> undeclared(const Batch& batch,
                                    std::string_view kind,
                                    const Inventory& inventory) {
  std::set<std::string_view> declared;
  for (const Resource* resource : batch.resources) declared.insert(resource->address.name);
  std::vector<std::string> names = inventory.names_of(kind);
  std::erase_if(names, [&](const std::string& name) { return declared.contains(name); });
  return names;
}

Result<std::vector<Observation>> observe_all(const View& view,
                                             const Batch& batch,
                                             const Replies& replies,
                                             Vault& vault) {
  const auto facts = os_facts(batch, replies, view.more);
  if (!facts) return facts.error();
  const Facts seen = facts->value_or(Facts());
  std::vector<Observation> observations;
  for (const Resource* resource : batch.resources) {
    observations.push_back(view.declared(*resource, seen, vault));
  }
  const auto orphans = undeclared(batch, view.kind, seen.inventory);
  for (const std::string& name : orphans) {
    auto orphan = view.orphan({batch.scope.name, std::string(view.kind), name}, orphans, seen);
    if (orphan) observations.push_back(std::move(*orphan));
  }
  return observations;
}

}  // namespace aegis::os
