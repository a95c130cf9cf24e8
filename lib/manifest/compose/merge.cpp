#include "manifest/compose/merge.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "manifest/compose/form.h"

namespace aegis::compose {
namespace {

enum class Rule { deep, replace, append, same_driver };

// How the members of a mapping are merged, by key; keys that are not named are merged deep.
using Identity = std::string (*)(const Node&);
struct MergeRule {
  std::string_view key;
  Rule rule = Rule::deep;
  Identity identity = nullptr;  // for lists: what makes two entries the same thing
};

std::string identity_of_text(const Node& item) {
  return item.is_scalar() ? item.text : dump_json(to_json(item));
}

std::string identity_of_port(const Node& port) {
  std::string address = text_at(port, "host_ip");
  if (address.empty()) address = "0.0.0.0";
  return address + ":" + text_at(port, "published") + ":" + text_at(port, "target") + "/" +
         text_at(port, "protocol");
}

// Things without a target, such as device requests, are the same when all of them is.
std::string identity_of_target(const Node& item) {
  const std::string target = text_at(item, "target");
  return target.empty() ? identity_of_text(item) : target;
}

std::string identity_of_path(const Node& item) {
  return text_at(item, "path");
}

std::string identity_of_subnet(const Node& item) {
  return text_at(item, "subnet");
}

constexpr std::array<MergeRule, 19> k_service_rules{{
    {"command", Rule::replace},
    {"entrypoint", Rule::replace},
    {"test", Rule::replace},
    {"logging", Rule::same_driver},
    {"ports", Rule::deep, identity_of_port},
    {"volumes", Rule::deep, identity_of_target},
    {"devices", Rule::deep, identity_of_target},
    {"configs", Rule::deep, identity_of_target},
    {"secrets", Rule::deep, identity_of_target},
    {"env_file", Rule::deep, identity_of_path},
    {"label_file", Rule::deep, identity_of_path},
    {"config", Rule::deep, identity_of_subnet},
    {"weight_device", Rule::deep, identity_of_path},
    {"device_read_bps", Rule::deep, identity_of_path},
    {"device_read_iops", Rule::deep, identity_of_path},
    {"device_write_bps", Rule::deep, identity_of_path},
    {"device_write_iops", Rule::deep, identity_of_path},
    {"post_start", Rule::append},
    {"pre_stop", Rule::append},
}};

constexpr MergeRule k_deep_rule{"", Rule::deep, identity_of_text};

MergeRule rule_of(std::string_view key) {
  for (const MergeRule& rule : k_service_rules) {
    if (rule.key == key) return rule;
  }
  return k_deep_rule;
}

bool same_driver(const Node& base, const Node& over) {
  const Node* left = base.find("driver");
  const Node* right = over.find("driver");
  return left == nullptr || right == nullptr || left->text == right->text;
}

void join(Node& base, Node&& over, Identity identity) {
  std::unordered_map<std::string, std::size_t> positions;
  for (const Node& item : base.items) positions.try_emplace(identity(item), positions.size());
  for (Node& item : over.items) {
    const auto [known, fresh] = positions.try_emplace(identity(item), base.items.size());
    if (fresh)
      base.items.push_back(std::move(item));
    else
      base.items[known->second] = std::move(item);
  }
}

// Where a mapping's keys are names that people chose, not keys of Compose: no rule applies to them.
bool holds_names(std::string_view key) {
  constexpr std::array<std::string_view, 17> k_named{"services",
                                                     "networks",
                                                     "volumes",
                                                     "configs",
                                                     "secrets",
                                                     "annotations",
                                                     "args",
                                                     "environment",
                                                     "labels",
                                                     "options",
                                                     "driver_opts",
                                                     "storage_opt",
                                                     "aux_addresses",
                                                     "sysctls",
                                                     "ulimits",
                                                     "depends_on",
                                                     "tmpfs"};
  return std::find(k_named.begin(), k_named.end(), key) != k_named.end();
}

void merge_members(Node& base, Node&& over, bool names);

// `over` on what is there under `key`, which may be nothing.
Node merge_value(
    Node* present, std::string_view key, Node&& over, const MergeRule& rule, bool names) {
  const bool apart = present == nullptr || present->type != over.type || over.tag == "!override" ||
                     rule.rule == Rule::replace ||
                     (rule.rule == Rule::same_driver && !same_driver(*present, over));
  if (over.type == Node::Type::mapping) {
    Node merged = apart ? make_mapping(over) : std::move(*present);
    merge_members(merged, std::move(over), !names && holds_names(key));
    return merged;
  }
  if (over.type == Node::Type::sequence && rule.rule != Rule::replace) {
    Node merged = apart ? make_sequence(over) : std::move(*present);
    if (rule.rule == Rule::append) {
      std::move(over.items.begin(), over.items.end(), std::back_inserter(merged.items));
    } else {
      join(merged, std::move(over), rule.identity);
    }
    return merged;
  }
  over.tag.clear();
  return std::move(over);
}

void merge_members(Node& base, Node&& over, bool names) {
  // There may be thousands of services: each is looked up, not searched for.
  std::unordered_map<std::string_view, std::size_t> positions;
  std::vector<Member> merged = std::move(base.members);
  merged.reserve(merged.size() + over.members.size());
  for (const Member& member : merged) positions.emplace(member.key, positions.size());
  for (Member& member : over.members) {
    const auto known = positions.find(member.key);
    Node* present = known == positions.end() ? nullptr : &merged[known->second].value;
    const MergeRule rule = names ? k_deep_rule : rule_of(member.key);
    Node value = is_reset(member.value)
                     ? std::move(member.value)
                     : merge_value(present, member.key, std::move(member.value), rule, names);
    if (present != nullptr) {
      *present = std::move(value);
    } else {
      merged.push_back({std::move(member.key), member.where, std::move(value)});
      positions.emplace(merged.back().key, merged.size() - 1);
    }
  }
  std::erase_if(merged, [](const Member& member) { return is_reset(member.value); });
  base.members = std::move(merged);
}

}  // namespace

Node merge(Node base, Node over) {
  merge_members(base, std::move(over), false);
  return base;
}

}  // namespace aegis::compose
