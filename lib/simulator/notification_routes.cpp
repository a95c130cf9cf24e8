#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "base/text.h"
#include "simulator/notification_fields.h"
#include "simulator/notifications.h"
#include "simulator/routes.h"
#include "simulator/section_calls.h"

namespace aegis::simulator {
namespace {

constexpr std::string_view k_file = "notifications.cfg";
constexpr std::string_view k_rights = "/mapping/notifications";

const std::vector<Field> k_none{};
const std::vector<Field> k_of_object{
    {.name = "name", .required = true, .format = formats::configid}};

// The types of endpoints and the matchers share their calls; the type is a template parameter, so
// that each route has a plain function of its own.
constexpr std::string_view k_sendmail = "sendmail";
constexpr std::string_view k_smtp = "smtp";
constexpr std::string_view k_gotify = "gotify";
constexpr std::string_view k_webhook = "webhook";
constexpr std::string_view k_matcher = "matcher";

std::string_view noun_of(std::string_view type) {
  return type == k_matcher ? "matcher" : "endpoint";
}

Answer missing(std::string_view type, const std::string& name) {
  return refuse(fmt::format("{} '{}' not found", noun_of(type), name), 404);
}

Refusal check_sees(const World& world, const Call& call) {
  const bool sees =
      may(world, call.caller, k_rights, {"Mapping.Modify", "Mapping.Audit", "Mapping.Use"});
  return sees ? Refusal{} : refuse("Permission check failed", 403);
}

// Endpoints send what they are told to wherever they are told to: that needs the network as well.
Refusal check_changes(const World& world, const Call& call, std::string_view type) {
  if (Refusal refusal = require(world, call.caller, k_rights, {"Mapping.Modify"})) return refusal;
  return type == k_matcher ? Refusal{} : require_network(world, call.caller, "/");
}

bool contains(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Refusal take_values(const Call& call, const NotificationKind& kind, Section& section) {
  for (const auto& [name, value] : object_values(call, {"name"})) {
    if (name == "secret") {
      if (Refusal refusal = take_secrets(value, section)) return refusal;
    } else if (contains(kind.secrets, name)) {
      section.secrets[name] = value;
    } else {
      section.values[name] = value;
    }
  }
  if (kind.type == k_matcher) section.values.emplace("mode", "all");
  return {};
}

Refusal take_deletions(const Call& call, const NotificationKind& kind, Section& section) {
  if (!call.has("delete")) return {};
  for (const std::string& name : split(call.text("delete"), '\n')) {
    if (!contains(kind.optional, name)) return refuse(fmt::format("unknown variant `{}`", name));
    section.values.erase(name);
    section.secrets.erase(name);
    if (name == "secret") section.secrets.clear();
  }
  return {};
}

Refusal check_matcher(const Notifications& all, const Section& section) {
  static const std::regex k_field("(exact|regex):[^=]+=.+");
  const auto fields = section.values.find("match-field");
  if (fields != section.values.end()) {
    for (const std::string& field : split(fields->second, '\n')) {
      if (std::regex_match(field, k_field)) continue;
      return refuse(
          fmt::format("error: could not apply filter: invalid match-field statement: {}", field));
    }
  }
  const auto targets = section.values.find("target");
  if (targets == section.values.end()) return {};
  for (const std::string& target : split(targets->second, '\n')) {
    const auto found = all.find(target);
    if (found && found->type != k_matcher) continue;
    return refuse(fmt::format("endpoint '{}' does not exist", target), 404);
  }
  return {};
}

Refusal check_object(const Notifications& all, const Section& section) {
  if (section.type == k_matcher) return check_matcher(all, section);
  const bool is_mail = section.type == k_sendmail || section.type == k_smtp;
  const bool has_recipient =
      section.values.contains("mailto") || section.values.contains("mailto-user");
  if (!is_mail || has_recipient) return {};
  return refuse("must at least provide one recipient, either in mailto or in mailto-user", 400);
}

template <const std::string_view& type>
Answer list_objects(World& world, const Call& call) {
  if (Refusal refusal = check_sees(world, call)) return *refusal;
  const Notifications all(file_of(world, k_file));
  Json items = Json::array();
  for (const std::string& name : all.names()) {
    const auto section = all.find(name);
    if (section->type != type) continue;
    items.push_back(notification_json(all, name, *section, notification_kind(type).create));
  }
  return answer(std::move(items));
}

template <const std::string_view& type>
Answer read_object(World& world, const Call& call) {
  if (Refusal refusal = check_sees(world, call)) return *refusal;
  const Notifications all(file_of(world, k_file));
  const std::string name = call.text("name");
  const auto section = all.find(name);
  if (!section || section->type != type) return missing(type, name);
  Json item = notification_json(all, name, *section, notification_kind(type).create);
  item["digest"] = all.digest();
  return answer(std::move(item));
}

template <const std::string_view& type>
Answer create_object(World& world, const Call& call) {
  if (Refusal refusal = check_changes(world, call, type)) return *refusal;
  Notifications all(file_of(world, k_file));
  const std::string name = call.text("name");
  if (all.find(name)) {
    return refuse(
        fmt::format("Cannot create '{}', an entity with the same name already exists", name), 400);
  }
  Section section{std::string(type), {}, {}};
  if (Refusal refusal = take_values(call, notification_kind(type), section)) return *refusal;
  if (Refusal refusal = check_object(all, section)) return *refusal;
  all.put(name, std::move(section));
  return answer();
}

template <const std::string_view& type>
Answer update_object(World& world, const Call& call) {
  if (Refusal refusal = check_changes(world, call, type)) return *refusal;
  Notifications all(file_of(world, k_file));
  const std::string name = call.text("name");
  if (Refusal refusal = check_file_digest(call.text("digest"), all.digest())) {
    refusal->status = 400;
    return *refusal;
  }
  auto section = all.find(name);
  if (!section || section->type != type) return missing(type, name);
  const NotificationKind& kind = notification_kind(type);
  if (Refusal refusal = take_deletions(call, kind, *section)) return *refusal;
  if (Refusal refusal = take_values(call, kind, *section)) return *refusal;
  if (Refusal refusal = check_object(all, *section)) return *refusal;
  all.put(name, std::move(*section));
  return answer();
}

template <const std::string_view& type>
Answer delete_object(World& world, const Call& call) {
  Notifications all(file_of(world, k_file));
  const std::string name = call.text("name");
  const auto section = all.find(name);
  if (!section || section->type != type) return missing(type, name);
  const std::string users = all.users_of(name);
  if (!all.is_builtin(name) && !users.empty()) {
    return refuse(fmt::format("cannot delete '{}', referenced by: {}", name, users), 400);
  }
  all.remove(name);
  return answer();
}

Answer list_targets(World& world, const Call& call) {
  if (Refusal refusal = check_sees(world, call)) return *refusal;
  const Notifications all(file_of(world, k_file));
  Json items = Json::array();
  for (const std::string& name : all.names()) {
    const auto section = all.find(name);
    if (section->type == k_matcher) continue;
    const Json whole =
        notification_json(all, name, *section, notification_kind(section->type).create);
    Json item{{"type", section->type}};
    for (const char* key : {"name", "origin", "comment", "disable"}) {
      if (whole.contains(key)) item[key] = whole[key];
    }
    items.push_back(std::move(item));
  }
  return answer(std::move(items));
}

Answer test_target(World& world, const Call& call) {
  if (Refusal refusal = check_sees(world, call)) return *refusal;
  const auto section = Notifications(file_of(world, k_file)).find(call.text("name"));
  if (!section || section->type == k_matcher) {
    return refuse(fmt::format("endpoint '{}' does not exist", call.text("name")), 404);
  }
  const Refusal refusal = send_test(world, *section);
  return refusal ? *refusal : answer();
}

template <const std::string_view& type>
void add_routes(std::string_view list, std::string_view item, std::vector<Route>& routes) {
  const NotificationKind& kind = notification_kind(type);
  routes.push_back({"GET", list, k_none, list_objects<type>});
  routes.push_back({"POST", list, kind.create, create_object<type>});
  routes.push_back({"GET", item, k_of_object, read_object<type>});
  routes.push_back({"PUT", item, kind.update, update_object<type>});
  routes.push_back(
      {"DELETE", item, k_of_object, delete_object<type>, k_rights, {"Mapping.Modify"}});
}

}  // namespace

std::vector<Route> notification_routes() {
  std::vector<Route> routes{
      {"GET", "/cluster/notifications/targets", k_none, list_targets},
      {"POST", "/cluster/notifications/targets/{name}/test", k_of_object, test_target}};
  add_routes<k_sendmail>("/cluster/notifications/endpoints/sendmail",
                         "/cluster/notifications/endpoints/sendmail/{name}",
                         routes);
  add_routes<k_smtp>("/cluster/notifications/endpoints/smtp",
                     "/cluster/notifications/endpoints/smtp/{name}",
                     routes);
  add_routes<k_gotify>("/cluster/notifications/endpoints/gotify",
                       "/cluster/notifications/endpoints/gotify/{name}",
                       routes);
  add_routes<k_webhook>("/cluster/notifications/endpoints/webhook",
                        "/cluster/notifications/endpoints/webhook/{name}",
                        routes);
  add_routes<k_matcher>(
      "/cluster/notifications/matchers", "/cluster/notifications/matchers/{name}", routes);
  return routes;
}

}  // namespace aegis::simulator
