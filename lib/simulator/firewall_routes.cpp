#include "simulator/firewall_routes.h"

#include <array>
#include <deque>
#include <string>

#include "simulator/firewall_calls.h"
#include "simulator/firewall_values.h"

namespace aegis::simulator {
namespace {

using enum FieldType;
using Fields = std::vector<Field>;

constexpr std::string_view k_name_pattern = "[A-Za-z][A-Za-z0-9\\-_]+";
const std::vector<std::string_view> k_log_levels{
    "emerg", "alert", "crit", "err", "warning", "notice", "info", "debug", "nolog"};
const std::vector<std::string_view> k_policies{"ACCEPT", "REJECT", "DROP"};

const Field k_digest{.name = "digest", .max_length = 64};
const Field k_delete{.name = "delete", .type = list, .format = formats::configid};
const Field k_comment{.name = "comment"};
const Field k_name{.name = "name", .required = true, .max_length = 64, .pattern = k_name_pattern};
const Field k_rename{.name = "rename", .max_length = 64, .pattern = k_name_pattern};
const Field k_group{.name = "group", .required = true, .max_length = 18, .pattern = k_name_pattern};
const Field k_rename_group{.name = "rename", .max_length = 18, .pattern = k_name_pattern};
const Field k_pos{.name = "pos", .type = integer, .minimum = 0};
const Field k_cidr{.name = "cidr", .required = true, .format = formats::ip_or_cidr};
const Field k_entry{.name = "cidr", .required = true, .format = formats::ip_or_cidr_or_alias};
const Field k_nomatch{.name = "nomatch", .type = boolean};

const Fields k_rate{{.name = "enable", .type = boolean, .required = true},
                    {.name = "burst", .type = integer, .minimum = 0},
                    {.name = "rate", .pattern = "[1-9][0-9]*/(second|minute|hour|day)"}};

Field level(std::string_view name) {
  return {.name = name, .choices = k_log_levels};
}

Field flag(std::string_view name) {
  return {.name = name, .type = boolean};
}

Field policy(std::string_view name) {
  return {.name = name, .choices = k_policies};
}

Fields cluster_options() {
  return {k_delete,
          k_digest,
          flag("ebtables"),
          {.name = "enable", .type = integer, .minimum = 0},
          {.name = "log_ratelimit", .members = k_rate, .default_key = "enable"},
          {.name = "policy_forward", .choices = {"ACCEPT", "DROP"}},
          policy("policy_in"),
          policy("policy_out")};
}

Fields node_options() {
  return {
      k_delete,
      k_digest,
      flag("enable"),
      level("log_level_forward"),
      level("log_level_in"),
      level("log_level_out"),
      flag("log_nf_conntrack"),
      flag("ndp"),
      flag("nf_conntrack_allow_invalid"),
      {.name = "nf_conntrack_helpers", .type = list},
      {.name = "nf_conntrack_max", .type = integer, .minimum = 32768},
      {.name = "nf_conntrack_tcp_timeout_established", .type = integer, .minimum = 7875},
      {.name = "nf_conntrack_tcp_timeout_syn_recv", .type = integer, .minimum = 30, .maximum = 60},
      flag("nftables"),
      flag("nosmurfs"),
      flag("protection_synflood"),
      {.name = "protection_synflood_burst", .type = integer},
      {.name = "protection_synflood_rate", .type = integer},
      level("smurf_log_level"),
      level("tcp_flags_log_level"),
      flag("tcpflags")};
}

Fields guest_options() {
  return {k_delete,
          k_digest,
          flag("dhcp"),
          flag("enable"),
          flag("ipfilter"),
          level("log_level_in"),
          level("log_level_out"),
          flag("macfilter"),
          flag("ndp"),
          policy("policy_in"),
          policy("policy_out"),
          flag("radv")};
}

Fields rule_fields(bool is_new) {
  Fields fields{{.name = "action", .required = is_new, .max_length = 20, .pattern = k_name_pattern},
                k_comment,
                {.name = "dest", .max_length = 512, .format = formats::address_spec},
                k_digest,
                {.name = "dport", .format = formats::port_spec, .needs = is_new ? "proto" : ""},
                {.name = "enable", .type = integer, .minimum = 0},
                {.name = "icmp-type"},
                {.name = "iface", .min_length = 2, .max_length = 20},
                level("log"),
                {.name = "macro", .max_length = 128},
                k_pos,
                {.name = "proto", .format = formats::protocol},
                {.name = "source", .max_length = 512, .format = formats::address_spec},
                {.name = "sport", .format = formats::port_spec, .needs = is_new ? "proto" : ""},
                {.name = "type", .required = is_new, .choices = {"in", "out", "forward", "group"}}};
  if (!is_new) {
    fields.push_back(k_delete);
    fields.push_back({.name = "moveto", .type = integer, .minimum = 0});
  }
  return fields;
}

// Routes keep views: what they look at lives here, and never moves.
struct Store {
  std::deque<std::string> paths;
  std::deque<Fields> fields;
};

// Collects the calls of one level.
class Level {
 public:
  Level(Store& store,
        std::string prefix,
        Fields base,
        std::string_view guarded,
        std::string_view reads,
        std::string_view writes)
      : store_(store),
        prefix_(std::move(prefix)),
        base_(std::move(base)),
        guarded_(guarded),
        reads_(reads),
        writes_(writes) {}

  using Handler = Answer (*)(World&, const Call&);

  void add(std::string_view method, std::string_view path, Fields own, Handler handler) {
    Fields& fields = store_.fields.emplace_back(base_);
    fields.insert(fields.end(), own.begin(), own.end());
    const std::string& full = store_.paths.emplace_back(prefix_ + std::string(path));
    const std::vector<std::string_view> privileges{method == "GET" ? reads_ : writes_};
    routes_.push_back({method, full, fields, handler, guarded_, privileges});
  }

  void add_options(Fields options) {
    add("GET", "/options", {}, read_firewall_options);
    add("PUT", "/options", std::move(options), update_firewall_options);
  }

  void add_rules(const std::string& path, const Fields& extra) {
    const auto with = [&](Fields own) {
      own.insert(own.end(), extra.begin(), extra.end());
      return own;
    };
    add("GET", path, with({}), list_firewall_rules);
    add("POST", path, with(rule_fields(true)), create_firewall_rule);
    const std::string at = path + "/{pos}";
    add("GET", at, with({k_pos}), read_firewall_rule);
    add("PUT", at, with(rule_fields(false)), update_firewall_rule);
    add("DELETE", at, with({k_pos, k_digest}), delete_firewall_rule);
  }

  void add_aliases() {
    add("GET", "/aliases", {}, list_firewall_aliases);
    add("POST", "/aliases", {k_name, k_cidr, k_comment}, create_firewall_alias);
    add("GET", "/aliases/{name}", {k_name}, read_firewall_alias);
    add("PUT",
        "/aliases/{name}",
        {k_name, k_cidr, k_comment, k_digest, k_rename},
        update_firewall_alias);
    add("DELETE", "/aliases/{name}", {k_name, k_digest}, delete_firewall_alias);
  }

  void add_sets() {
    const Field force{.name = "force", .type = boolean};
    add("GET", "/ipset", {}, list_ipsets);
    add("POST", "/ipset", {k_name, k_comment, k_digest, k_rename}, create_ipset);
    add("GET", "/ipset/{name}", {k_name}, list_ipset_entries);
    add("POST", "/ipset/{name}", {k_name, k_entry, k_comment, k_nomatch}, create_ipset_entry);
    add("DELETE", "/ipset/{name}", {k_name, force}, delete_ipset);
    add("GET", "/ipset/{name}/{cidr}", {k_name, k_entry}, read_ipset_entry);
    add("PUT",
        "/ipset/{name}/{cidr}",
        {k_name, k_entry, k_comment, k_digest, k_nomatch},
        update_ipset_entry);
    add("DELETE", "/ipset/{name}/{cidr}", {k_name, k_entry, k_digest}, delete_ipset_entry);
  }

  void add_refs() {
    add("GET", "/refs", {{.name = "type", .choices = {"alias", "ipset"}}}, list_firewall_refs);
  }

  void add_groups() {
    add("GET", "/groups", {}, list_security_groups);
    add("POST", "/groups", {k_group, k_comment, k_digest, k_rename_group}, create_security_group);
    add("DELETE", "/groups/{group}", {k_group}, delete_security_group);
    add_rules("/groups/{group}", {k_group});
    add("GET", "/macros", {}, list_firewall_macros);
    // Proxmox shows these two to everybody.
    for (Route& route : routes_) {
      const bool open = route.path.ends_with("/groups") || route.path.ends_with("/macros");
      if (open && route.method == "GET") route.privileges.clear();
    }
  }

  void move_to(std::vector<Route>& all) {
    for (Route& route : routes_) all.push_back(std::move(route));
  }

 private:
  Store& store_;
  std::string prefix_;
  Fields base_;
  std::string_view guarded_;
  std::string_view reads_;
  std::string_view writes_;
  std::vector<Route> routes_;
};

}  // namespace

std::vector<Route> firewall_routes() {
  static Store store;
  const Field node{.name = "node", .required = true, .format = formats::node};
  const Field vmid{.name = "vmid", .type = integer, .required = true, .format = formats::vmid};
  Level cluster(store, "/cluster/firewall", {}, "/", "Sys.Audit", "Sys.Modify");
  Level host(store, "/nodes/{node}/firewall", {node}, "/nodes/{node}", "Sys.Audit", "Sys.Modify");
  const auto guest_level = [&](std::string path) {
    return Level(
        store, std::move(path), {node, vmid}, "/vms/{vmid}", "VM.Audit", "VM.Config.Network");
  };
  Level container = guest_level("/nodes/{node}/lxc/{vmid}/firewall");
  Level machine = guest_level("/nodes/{node}/qemu/{vmid}/firewall");
  cluster.add_options(cluster_options());
  host.add_options(node_options());
  for (Level* guest : {&container, &machine}) guest->add_options(guest_options());
  cluster.add_groups();
  for (Level* every : {&cluster, &host, &container, &machine}) every->add_rules("/rules", {});
  for (Level* with_sets : {&cluster, &container, &machine}) {
    with_sets->add_aliases();
    with_sets->add_sets();
    with_sets->add_refs();
  }
  std::vector<Route> all;
  for (Level* every : {&cluster, &host, &container, &machine}) every->move_to(all);
  return all;
}

}  // namespace aegis::simulator
