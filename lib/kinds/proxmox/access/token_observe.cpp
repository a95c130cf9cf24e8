#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "kinds/proxmox/access/token_parts.h"
#include "kinds/proxmox/host_view.h"
#include "kinds/proxmox/shared_objects.h"
#include "kinds/proxmox/visibility.h"
#include "model/owner_comment.h"

namespace aegis::proxmox {
namespace {

struct Users {
  std::set<std::string> names;
  std::map<std::string, const Json*> tokens;  ///< by full name
};

Users users_in(const Json& list) {
  Users users;
  for (const Json& user : list) {
    const std::string name = text_or(user, "userid");
    users.names.insert(name);
    for (const Json& token : get(user, "tokens")) {
      users.tokens[fmt::format("{}!{}", name, text_or(token, "tokenid"))] = &token;
    }
  }
  return users;
}

bool is_unfinished(const Json& token) {
  return trim(text_or(token, "comment")) == k_unfinished_comment;
}

Diagnostic note(const Resource& resource,
                Severity severity,
                std::string summary,
                std::string detail) {
  return {severity,
          std::move(summary),
          std::move(detail),
          resource.place_of("secret_file"),
          std::nullopt};
}

// What would stop the making of a token half way.
Diagnostics notes_on_absent(const Resource& resource, const Users& users) {
  Diagnostics notes;
  const std::string& name = resource.address.name;
  if (text_or(resource.spec, "secret_file").empty()) {
    notes.push_back(note(resource,
                         Severity::error,
                         "no place for the token's secret",
                         fmt::format("{} has to be made, and Proxmox tells its secret only then. "
                                     "Give it a `secret_file`.",
                                     name)));
  }
  const std::string user = user_of_token(name);
  const bool is_declared =
      std::any_of(resource.depends_on.begin(), resource.depends_on.end(), [&](const Address& need) {
        return need.kind == "user" && need.name == user;
      });
  if (!is_declared && !users.names.contains(user)) {
    notes.push_back(note(resource,
                         Severity::error,
                         "a token without a user",
                         fmt::format("{} cannot be made: there is no user {}, and `access.users` "
                                     "does not declare one.",
                                     name,
                                     user)));
  }
  return notes;
}

Diagnostics notes_on_present(const Resource& resource) {
  if (get(resource.spec, "secret_missing") != true) return {};
  return {note(resource,
               Severity::warning,
               "the token's secret is not there",
               fmt::format("{} exists, and {} does not. Proxmox never tells a secret again; a new "
                           "token with a new secret, and the end of the old one: --replace {}.",
                           resource.address.name,
                           text_or(resource.spec, "secret_file"),
                           to_string(resource.address)))};
}

Observation present(const Address& address, const std::string& scope, const Json& token) {
  Observation observation;
  observation.address = address;
  observation.scope = scope;
  observation.exists = true;
  observation.owned = is_owned_comment(text_or(token, "comment"));
  observation.attributes = shape_of_token(token);
  return observation;
}

Observation observe(const Resource& resource, const Users& users) {
  const auto found = users.tokens.find(resource.address.name);
  if (found != users.tokens.end() && !is_unfinished(*found->second)) {
    Observation observation = present(resource.address, resource.scope, *found->second);
    observation.notes = notes_on_present(resource);
    return observation;
  }
  Observation observation;
  observation.address = resource.address;
  observation.scope = resource.scope;
  observation.notes = notes_on_absent(resource, users);
  return observation;
}

}  // namespace

std::string user_of_token(std::string_view full_name) {
  return std::string(full_name.substr(0, full_name.find('!')));
}

std::string short_name_of_token(std::string_view full_name) {
  const std::size_t mark = full_name.find('!');
  return mark == std::string_view::npos ? "" : std::string(full_name.substr(mark + 1));
}

Json shape_of_token(const Json& item) {
  Json shape{{"privsep", as_bool(get(item, "privsep")).value_or(true)}};
  const std::string comment(without_owner(text_or(item, "comment")));
  if (!comment.empty()) shape["comment"] = comment;
  const auto expire = as_integer(get(item, "expire")).value_or(0);
  if (expire != 0) shape["expire"] = expire;
  return shape;
}

Query token_query(const Scope& scope) {
  return HostQueries(scope).get("/access/users?full=1");
}

std::vector<std::string> token_names(const Scope& scope, const Replies& replies) {
  std::vector<std::string> names;
  const auto list = data_of(replies, token_query(scope), "the list of users");
  if (!list) return names;
  for (const auto& [name, token] : users_in(**list).tokens) names.push_back(name);
  return names;
}

Result<std::vector<Observation>> interpret_tokens(const Batch& batch, const Replies& replies) {
  const HostQueries host(batch.scope);
  const auto list = data_of(replies, token_query(batch.scope), "the list of users");
  if (!list) return list.error();
  const auto permissions = data_of(replies, host.permissions(), "our own permissions");
  if (!permissions) return permissions.error();
  const Users users = users_in(**list);
  const bool sees_all = may_see(**permissions, "Sys.Audit User.Modify", "/access/groups");
  std::vector<Observation> observations;
  std::set<std::string> named;
  for (const Resource* resource : batch.resources) {
    observations.push_back(observe(*resource, users));
    named.insert(resource->address.name);
    if (sees_all || observations.back().exists) continue;
    return Error{ErrorCode::forbidden,
                 fmt::format("these credentials cannot see whether the token {} is there: they "
                             "lack Sys.Audit on /access/groups. PVEAuditor on / is enough to plan.",
                             resource->address.name)};
  }
  SharedObjects shared(batch.scope, "token");
  if (const auto read = shared.read(host, replies); !read) return read.error();
  for (const auto& [name, token] : users.tokens) {
    if (named.contains(name) || shared.contain(name) ||
        !is_owned_comment(text_or(*token, "comment")))
      continue;
    observations.push_back(present({batch.scope.name, "token", name}, batch.scope.name, *token));
  }
  return observations;
}

}  // namespace aegis::proxmox
