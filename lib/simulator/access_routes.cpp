#include "simulator/access_calls.h"
#include "simulator/routes.h"

namespace aegis::simulator {
namespace {

using enum FieldType;
using Fields = std::vector<Field>;

const Field k_userid{
    .name = "userid", .required = true, .max_length = 64, .format = formats::userid};
const Field k_tokenid{.name = "tokenid", .required = true, .pattern = "[A-Za-z][A-Za-z0-9._-]+"};
const Field k_groupid{.name = "groupid", .required = true, .format = formats::groupid};
const Field k_roleid{.name = "roleid", .required = true, .format = formats::roleid};
const Field k_comment{.name = "comment"};
const Field k_long_comment{.name = "comment", .max_length = 2048};
const Field k_email{.name = "email", .max_length = 254, .format = formats::email};
const Field k_enable{.name = "enable", .type = boolean};
const Field k_expire{.name = "expire", .type = integer, .minimum = 0};
const Field k_first_name{.name = "firstname", .max_length = 1024};
const Field k_last_name{.name = "lastname", .max_length = 1024};
const Field k_groups{.name = "groups", .type = list, .format = formats::groupid};
const Field k_keys{.name = "keys", .pattern = "[0-9a-zA-Z!=]{0,4096}"};
const Field k_privsep{.name = "privsep", .type = boolean};
const Field k_privs{.name = "privs", .type = list};

const Fields k_none{};
const Fields k_ticket{{.name = "username", .required = true, .max_length = 64},
                      {.name = "password", .required = true},
                      {.name = "realm", .max_length = 32},
                      {.name = "new-format", .type = boolean}};
const Fields k_permissions{{.name = "path"}, {.name = "userid"}};
const Fields k_of_role{k_roleid};
const Fields k_new_role{k_roleid, k_privs};
const Fields k_role_update{
    k_roleid, k_privs, {.name = "append", .type = boolean, .needs = "privs"}};
const Fields k_of_group{k_groupid};
const Fields k_group_fields{k_groupid, k_comment};
const Fields k_users{{.name = "enabled", .type = boolean}, {.name = "full", .type = boolean}};
const Fields k_of_user{k_userid};
const Fields k_new_user{k_userid,
                        k_long_comment,
                        k_email,
                        k_enable,
                        k_expire,
                        k_first_name,
                        k_last_name,
                        k_groups,
                        k_keys,
                        {.name = "password", .min_length = 8, .max_length = 64}};
const Fields k_user_update{k_userid,
                           k_long_comment,
                           k_email,
                           k_enable,
                           k_expire,
                           k_first_name,
                           k_last_name,
                           k_groups,
                           k_keys,
                           {.name = "append", .type = boolean, .needs = "groups"}};
const Fields k_of_token{k_userid, k_tokenid};
const Fields k_token_fields{k_userid, k_tokenid, k_comment, k_expire, k_privsep};
const Fields k_acl{{.name = "path", .required = true},
                   {.name = "roles", .type = list, .required = true, .format = formats::roleid},
                   {.name = "users", .type = list, .format = formats::userid},
                   {.name = "groups", .type = list, .format = formats::groupid},
                   {.name = "tokens", .type = list, .format = formats::tokenid},
                   {.name = "propagate", .type = boolean},
                   {.name = "delete", .type = boolean}};

constexpr std::string_view k_group_root = "/access/groups";
constexpr std::string_view k_role = "/access/roles/{roleid}";
constexpr std::string_view k_group = "/access/groups/{groupid}";
constexpr std::string_view k_user = "/access/users/{userid}";
constexpr std::string_view k_token = "/access/users/{userid}/token/{tokenid}";
const std::vector<std::string_view> k_changes_roles{"Sys.Modify"};
const std::vector<std::string_view> k_changes_groups{"Group.Allocate"};
const std::vector<std::string_view> k_sees_group{"Sys.Audit", "Group.Allocate"};

}  // namespace

std::vector<Route> access_routes() {
  return {
      {"GET", "/access/ticket", k_none, ticket_index, {}, {}, true},
      {"POST", "/access/ticket", k_ticket, create_ticket, {}, {}, true, false},
      {"GET", "/access/permissions", k_permissions, read_permissions},
      {"GET", "/access/domains", k_none, list_domains, {}, {}, true},
      {"GET", "/access/roles", k_none, list_roles},
      {"POST", "/access/roles", k_new_role, create_role, "/access", k_changes_roles},
      {"GET", k_role, k_of_role, read_role},
      {"PUT", k_role, k_role_update, update_role, "/access", k_changes_roles},
      {"DELETE", k_role, k_of_role, delete_role, "/access", k_changes_roles},
      {"GET", "/access/groups", k_none, list_groups},
      {"POST", "/access/groups", k_group_fields, create_group, k_group_root, k_changes_groups},
      {"GET", k_group, k_of_group, read_group, k_group_root, k_sees_group},
      {"PUT", k_group, k_group_fields, update_group, k_group_root, k_changes_groups},
      {"DELETE", k_group, k_of_group, delete_group, k_group_root, k_changes_groups},
      {"GET", "/access/users", k_users, list_users},
      {"POST", "/access/users", k_new_user, create_user},
      {"GET", k_user, k_of_user, read_user},
      {"PUT", k_user, k_user_update, update_user},
      {"DELETE", k_user, k_of_user, delete_user},
      {"GET", "/access/users/{userid}/token", k_of_user, list_tokens},
      {"GET", k_token, k_of_token, read_token},
      {"POST", k_token, k_token_fields, create_token},
      {"PUT", k_token, k_token_fields, update_token},
      {"DELETE", k_token, k_of_token, delete_token},
      {"GET", "/access/acl", k_none, list_acl},
      {"PUT", "/access/acl", k_acl, update_acl},
  };
}

}  // namespace aegis::simulator
