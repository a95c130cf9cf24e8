#pragma once

#include "simulator/firewall.h"
#include "simulator/world.h"

namespace aegis::simulator {

// Handlers of the firewall; each answers one method of one path at every level. The level is told
// by the parameters: with a vmid the guest's, else with a node the node's, else the cluster's.
// Those of rules work on a security group when there is a "group".
Answer read_firewall_options(World& world, const Call& call);
Answer update_firewall_options(World& world, const Call& call);

Answer list_firewall_rules(World& world, const Call& call);
Answer create_firewall_rule(World& world, const Call& call);
Answer read_firewall_rule(World& world, const Call& call);
Answer update_firewall_rule(World& world, const Call& call);
Answer delete_firewall_rule(World& world, const Call& call);

Answer list_firewall_aliases(World& world, const Call& call);
Answer create_firewall_alias(World& world, const Call& call);
Answer read_firewall_alias(World& world, const Call& call);
Answer update_firewall_alias(World& world, const Call& call);
Answer delete_firewall_alias(World& world, const Call& call);

Answer list_ipsets(World& world, const Call& call);
Answer create_ipset(World& world, const Call& call);
Answer delete_ipset(World& world, const Call& call);
Answer list_ipset_entries(World& world, const Call& call);
Answer create_ipset_entry(World& world, const Call& call);
Answer read_ipset_entry(World& world, const Call& call);
Answer update_ipset_entry(World& world, const Call& call);
Answer delete_ipset_entry(World& world, const Call& call);

Answer list_security_groups(World& world, const Call& call);
Answer create_security_group(World& world, const Call& call);
Answer delete_security_group(World& world, const Call& call);

Answer list_firewall_macros(World& world, const Call& call);
Answer list_firewall_refs(World& world, const Call& call);

/// The firewall file that `call` is about; a guest's is made when it is not there.
Firewall& firewall_of(World& world, const Call& call);

}  // namespace aegis::simulator
