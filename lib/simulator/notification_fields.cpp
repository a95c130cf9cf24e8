#include "simulator/notification_fields.h"

#include <algorithm>
#include <cassert>

#include "simulator/formats.h"

namespace aegis::simulator {
namespace {

using enum FieldType;
using Fields = std::vector<Field>;
using Names = std::vector<std::string_view>;

const Field k_name{.name = "name", .required = true, .format = formats::configid};
const Field k_comment{.name = "comment"};
const Field k_disable{.name = "disable", .type = boolean};
const Field k_author{.name = "author"};
const Field k_from{.name = "from-address"};
const Field k_mailto{.name = "mailto", .type = array};
const Field k_mailto_user{.name = "mailto-user", .type = array, .format = formats::userid};
const Field k_server{.name = "server"};

Field required(Field field) {
  field.required = true;
  return field;
}

// What PUT takes: everything that POST takes, nothing needed but the name.
Fields update_of(const Fields& create) {
  Fields fields = create;
  for (Field& field : fields) field.required = field.name == "name";
  fields.push_back({.name = "delete", .type = array, .format = formats::configid});
  fields.push_back({.name = "digest", .max_length = 64});
  return fields;
}

NotificationKind make(std::string_view type, Fields create, Names secrets) {
  NotificationKind kind;
  kind.type = type;
  kind.update = update_of(create);
  kind.secrets = std::move(secrets);
  for (const Field& field : create) {
    if (!field.required) kind.optional.push_back(field.name);
  }
  kind.create = std::move(create);
  return kind;
}

std::vector<NotificationKind> make_kinds() {
  return {
      make("sendmail",
           {k_name, k_comment, k_disable, k_author, k_from, k_mailto, k_mailto_user},
           {}),
      make("smtp",
           {k_name,
            k_comment,
            k_disable,
            k_author,
            required(k_from),
            k_mailto,
            k_mailto_user,
            required(k_server),
            {.name = "mode", .choices = {"insecure", "starttls", "tls"}},
            {.name = "password"},
            {.name = "port", .type = integer},
            {.name = "username"}},
           {"password"}),
      make("gotify",
           {k_name, k_comment, k_disable, required(k_server), required({.name = "token"})},
           {"token"}),
      make("webhook",
           {k_name,
            k_comment,
            k_disable,
            {.name = "body"},
            {.name = "header", .type = array},
            {.name = "method", .required = true, .choices = {"post", "put", "get"}},
            {.name = "secret", .type = array},
            {.name = "url", .required = true}},
           {"secret"}),
      make("matcher",
           {k_name,
            k_comment,
            k_disable,
            {.name = "invert-match", .type = boolean},
            {.name = "match-calendar", .type = array},
            {.name = "match-field", .type = array},
            {.name = "match-severity", .type = array},
            {.name = "mode", .choices = {"all", "any"}},
            {.name = "target", .type = array, .format = formats::configid}},
           {}),
  };
}

}  // namespace

std::span<const NotificationKind> notification_kinds() {
  static const std::vector<NotificationKind> k_kinds = make_kinds();
  return k_kinds;
}

const NotificationKind& notification_kind(std::string_view type) {
  const auto kinds = notification_kinds();
  const auto found = std::find_if(
      kinds.begin(), kinds.end(), [&](const NotificationKind& kind) { return kind.type == type; });
  assert(found != kinds.end());
  return *found;
}

}  // namespace aegis::simulator
