#pragma once

#include <array>
#include <string_view>

#include "kinds/docker/stack.h"
#include "kinds/kind.h"
#include "model/desired.h"

namespace aegis::docker {

/// The rules of a network's attributes, none of which can be changed on one that is there: what
/// making it again disturbs, and why it has to be.
constexpr std::array<AttributeRule, 9> network_rules(Disruption disruption, std::string_view note) {
  std::array<AttributeRule, 9> rules;
  constexpr std::array<std::string_view, rules.size()> k_paths{"name",
                                                               "driver",
                                                               "driver_opts",
                                                               "ipam",
                                                               "internal",
                                                               "attachable",
                                                               "enable_ipv4",
                                                               "enable_ipv6",
                                                               "labels"};
  for (std::size_t i = 0; i < rules.size(); ++i) {
    rules[i].path = k_paths[i];
    rules[i].disruption = disruption;
    rules[i].immutable = true;
    rules[i].note = note;
  }
  return rules;
}

/// The attributes that the spec of a network asks for.
Json wanted_network(const Json& spec);

/// Those of a network as the engine lists it. Address pools, and the options, that neither the spec
/// nor the network's label declares are the engine's own choice and left out.
Json live_network(const Json& item, const Json& spec);

/// The body of `POST /networks/create`.
Json network_request(const Stack& stack, const Resource& network);

}  // namespace aegis::docker
