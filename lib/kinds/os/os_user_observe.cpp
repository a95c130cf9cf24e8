#include "kinds/os/os_user_observe.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"
#include "base/text.h"
#include "kinds/os/keys_file.h"
#include "kinds/os/reading.h"

namespace aegis::os {
namespace {

constexpr std::string_view k_kind = "os-user";

Asks further_asks(const Batch& batch, const Facts& facts) {
  Asks asks;
  const bool has_orphans = !undeclared(batch, k_kind, facts.inventory).empty();
  asks.accounts = has_orphans && !facts.accounts;
  return asks;
}

std::string default_home(const std::string& name) {
  return name == "root" ? "/root" : fmt::format("/home/{}", name);
}

bool is_whole(const Json& spec) {
  return get(spec, "exclusive_keys") == true;
}

// What may be done by sudo, as `sudo` says it; all of it where the file has another form.
Json live_sudo(const std::string& name, const Facts& facts) {
  const auto file = facts.contents.find(sudo_path(name));
  if (file == facts.contents.end()) return {};
  const std::string& text = file->second;
  const std::string prefix = name + " ";
  const bool is_ours = text.starts_with(prefix) && text.ends_with('\n');
  return is_ours ? text.substr(prefix.size(), text.size() - prefix.size() - 1) : text;
}

std::string digest_at(const std::string& path, const Facts& facts) {
  const PathFacts* seen = facts.at(path);
  return seen == nullptr || seen->sha256.empty() ? "-" : seen->sha256;
}

const std::string* keys_text(const std::string& name, const Facts& facts) {
  const auto found = facts.accounts->keys.find(name);
  return found == facts.accounts->keys.end() ? nullptr : &found->second;
}

const Accounts::User* find(const std::string& name, const Facts& facts) {
  if (!facts.accounts) return nullptr;
  const auto found = facts.accounts->users.find(name);
  return found == facts.accounts->users.end() ? nullptr : &found->second;
}

void put_unless_null(Json& object, const char* key, Json&& value) {
  if (!value.is_null()) object[key] = std::move(value);
}

Observation observe_user(const Resource& resource, const Facts& facts, Vault&) {
  const std::string& name = resource.address.name;
  Observation observation;
  observation.address = resource.address;
  observation.owned = facts.inventory.find(resource.address) != nullptr;
  observation.context = {{"keys", ""}, {"keys_seen", "-"}, {"sudo_seen", "-"}};
  observation.context["sudo_seen"] = digest_at(sudo_path(name), facts);
  const Accounts::User* user = find(name, facts);
  if (user == nullptr) return observation;
  observation.exists = true;
  const std::string* keys = keys_text(name, facts);
  observation.context["uid"] = user->uid;
  observation.context["keys"] = keys == nullptr ? "" : *keys;
  observation.context["keys_seen"] = keys == nullptr ? "-" : sha256_hex(*keys);
  Json& live = observation.attributes;
  live = {{"group", facts.accounts->group_name(user->gid)},
          {"groups", facts.accounts->groups_of(name)},
          {"home", user->home},
          {"shell", user->shell},
          {"authorized_keys", keys_in(keys == nullptr ? "" : *keys, is_whole(resource.spec))},
          {"locked", user->expired}};
  if (resource.spec.contains("uid")) live["uid"] = as_integer(Json(user->uid)).value_or(-1);
  put_unless_null(live, "sudo", live_sudo(name, facts));
  return observation;
}

std::optional<Observation> observe_orphan(const Address& address,
                                          const std::vector<std::string>&,
                                          const Facts& facts) {
  const Accounts::User* user = find(address.name, facts);
  if (user == nullptr) return std::nullopt;
  Observation orphan;
  orphan.address = address;
  orphan.exists = orphan.owned = true;
  orphan.attributes = {{"home", user->home}};
  orphan.context = {{"uid", user->uid}};
  return orphan;
}

constexpr View k_view{k_kind, further_asks, observe_user, observe_orphan};

}  // namespace

std::vector<Query> user_queries(const Batch& batch, const Replies& replies) {
  return os_queries(batch, replies, further_asks);
}

Result<std::vector<Observation>> interpret_users(const Batch& batch,
                                                 const Replies& replies,
                                                 Vault& vault) {
  return observe_all(k_view, batch, replies, vault);
}

Json normalize_user(const Resource& resource, const Observation&) {
  const Json& spec = resource.spec;
  const std::string& name = resource.address.name;
  Json keys = Json::array();
  for (const Json& key : get(spec, "authorized_keys")) {
    keys.push_back(std::string(trim(as_text(key))));
  }
  Json groups = get(spec, "groups");
  if (!groups.is_array()) groups = Json::array();
  std::sort(groups.begin(), groups.end());
  Json wanted = {{"group", text_or(spec, "group", name)},
                 {"groups", std::move(groups)},
                 {"home", text_or(spec, "home", default_home(name))},
                 {"shell", text_or(spec, "shell", "/bin/bash")},
                 {"authorized_keys", std::move(keys)},
                 {"locked", get(spec, "locked") == true}};
  for (const char* key : {"uid", "sudo"}) {
    if (spec.contains(key)) wanted[key] = spec[key];
  }
  return wanted;
}

}  // namespace aegis::os
