#include "engine/survey.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace aegis {
namespace {

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
  std::vector<const Kind*> imported;
  for (const Kind& kind : kinds) {
    if (kind.survey != nullptr) imported.push_back(&kind);
  }
  std::vector<Reading> readings = make_readings(desired, imported);
  Replies replies;
  ask_all(readings, &Kind::survey, {}, http, shell, vault, replies);
  Surveyed found;
  std::set<Address> taken;
  for (const auto& [address, resource] : desired.resources) taken.insert(address);
  for (const Reading& reading : readings) {
    auto declarations = reading.endless ? Result<std::vector<Declaration>>(endless_error(reading))
                                        : reading.kind->declare(reading.batch, replies);
    if (!declarations) {
      add_failure(found.failures, reading.batch.scope.name, declarations.error());
      continue;
    }
    for (Declaration& declaration : *declarations) {
      make_unique(declaration.address, taken);
      taken.insert(declaration.address);
      declaration.spec = without_defaults(*reading.kind, declaration);
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
