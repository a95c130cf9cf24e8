#include "engine/survey.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "engine/read_only.h"
#include "engine/wave.h"

namespace aegis {
namespace {

constexpr int k_most_waves = 16;

/// One kind in one scope, with what of it the manifests have.
struct Search {
  const Kind* kind;
  Batch batch;
};

std::vector<Search> make_searches(const Desired& desired, std::span<const Kind> kinds) {
  std::vector<Search> searches;
  for (const auto& [name, scope] : desired.scopes) {
    const std::string_view type = std::string_view(name).substr(0, name.find('/'));
    for (const Kind& kind : kinds) {
      if (kind.survey == nullptr || kind.scope_type != type) continue;
      Search search{&kind, {scope, {}}};
      for (const auto& [address, resource] : desired.resources) {
        const bool is_here = address.kind == kind.name && resource.scope == name;
        if (is_here) search.batch.resources.push_back(&resource);
      }
      searches.push_back(std::move(search));
    }
  }
  return searches;
}

std::vector<Query> next_queries(const std::vector<Search>& searches, const Replies& replies) {
  std::set<Query> fresh;
  for (const Search& search : searches) {
    for (Query& query : search.kind->survey(search.batch, replies)) {
      if (!replies.contains(query)) fresh.insert(std::move(query));
    }
  }
  return {fresh.begin(), fresh.end()};
}

// Two servers may have a "web" each.
void make_unique(Address& address, const std::set<Address>& taken) {
  const std::string name = address.name;
  for (int number = 2; taken.contains(address); ++number) {
    address.name = fmt::format("{}-{}", name, number);
  }
}

Json normalized(const Kind& kind, const Declaration& declaration) {
  Resource resource;
  resource.address = declaration.address;
  resource.spec = declaration.spec;
  return kind.normalize(resource, Observation());
}

// Takes out what can be taken out of the value at `place` within `declaration.spec`.
void reduce(const Kind& kind,
            Declaration& declaration,
            const Json::json_pointer& place,
            const Json& meaning) {
  std::vector<std::string> keys;
  for (const auto& [key, member] : declaration.spec[place].items()) keys.push_back(key);
  for (const std::string& key : keys) {
    // What is not compared (the server it is on) is no default.
    if (place.empty() && !meaning.contains(key)) continue;
    const Json before = declaration.spec;
    declaration.spec[place].erase(key);
    if (normalized(kind, declaration) == meaning) continue;
    declaration.spec = before;
    if (declaration.spec[place][key].is_object()) {
      reduce(kind, declaration, place / key, meaning);
    }
  }
}

}  // namespace

Surveyed survey(const Desired& desired,
                std::span<const Kind> kinds,
                HttpTransport& http,
                RemoteShell& shell,
                const Vault& vault) {
  ReadOnlyHttp reading_http(http);
  ReadOnlyShell reading_shell(shell);
  const std::vector<Search> searches = make_searches(desired, kinds);
  Replies replies;
  for (int wave = 0; wave < k_most_waves; ++wave) {
    const std::vector<Query> queries = next_queries(searches, replies);
    if (queries.empty()) break;
    read_wave(queries, reading_http, reading_shell, vault, replies);
  }
  Surveyed found;
  std::set<Address> taken;
  for (const auto& [address, resource] : desired.resources) taken.insert(address);
  for (const Search& search : searches) {
    auto declarations = search.kind->declare(search.batch, replies);
    if (!declarations) {
      found.failures.push_back({search.batch.scope.name, declarations.error()});
      continue;
    }
    for (Declaration& declaration : *declarations) {
      make_unique(declaration.address, taken);
      taken.insert(declaration.address);
      declaration.spec = without_defaults(*search.kind, declaration);
      found.declarations.push_back(std::move(declaration));
    }
  }
  std::sort(found.declarations.begin(), found.declarations.end(), [](const auto& a, const auto& b) {
    return a.address < b.address;
  });
  return found;
}

Json without_defaults(const Kind& kind, const Declaration& declaration) {
  Declaration reduced = declaration;
  reduce(kind, reduced, Json::json_pointer(), normalized(kind, declaration));
  return reduced.spec;
}

}  // namespace aegis
