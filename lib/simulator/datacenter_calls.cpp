#include "base/text.h"
#include "simulator/settings_calls.h"

namespace aegis::simulator {
namespace {

using enum FieldType;
using Fields = std::vector<Field>;

constexpr std::string_view k_tag_list =
    "([a-zA-Z0-9_][a-zA-Z0-9_\\-+.]*;)*[a-zA-Z0-9_][a-zA-Z0-9_\\-+.]*";

const Fields k_bandwidth{{.name = "clone", .type = number, .minimum = 0},
                         {.name = "default", .type = number, .minimum = 0},
                         {.name = "migration", .type = number, .minimum = 0},
                         {.name = "move", .type = number, .minimum = 0},
                         {.name = "restore", .type = number, .minimum = 0}};
const Fields k_scheduling{{.name = "ha", .choices = {"basic", "static"}},
                          {.name = "ha-rebalance-on-start", .type = boolean}};
const Fields k_ha{{.name = "shutdown_policy",
                   .required = true,
                   .choices = {"freeze", "failover", "conditional", "migrate"}}};
const Fields k_migration{{.name = "network"},
                         {.name = "type", .required = true, .choices = {"secure", "insecure"}}};
const Fields k_next_ids{{.name = "lower", .type = integer}, {.name = "upper", .type = integer}};
const Fields k_tag_style{{.name = "case-sensitive", .type = boolean},
                         {.name = "color-map"},
                         {.name = "ordering", .choices = {"config", "alphabetical"}},
                         {.name = "shape", .choices = {"full", "circle", "dense", "none"}}};
const Fields k_tag_access{{.name = "user-allow", .choices = {"none", "list", "existing", "free"}},
                          {.name = "user-allow-list", .pattern = k_tag_list}};

const Fields k_options{
    {.name = "bwlimit", .members = k_bandwidth},
    {.name = "console", .choices = {"applet", "vv", "html5", "xtermjs"}},
    {.name = "crs", .members = k_scheduling},
    {.name = "delete", .type = list, .format = formats::configid},
    {.name = "description", .max_length = 65536},
    {.name = "email_from"},
    {.name = "ha", .members = k_ha},
    {.name = "http_proxy", .pattern = "http://.*"},
    {.name = "keyboard",
     .choices = {"de",    "de-ch", "da", "en-gb", "en-us", "es", "fi", "fr", "fr-be",
                 "fr-ca", "fr-ch", "hu", "is",    "it",    "ja", "lt", "mk", "nl",
                 "no",    "pl",    "pt", "pt-br", "sv",    "sl", "tr"}},
    {.name = "language",
     .choices = {"ar", "ca",    "da", "de", "en", "es", "eu",  "fa",    "fr",
                 "hr", "he",    "it", "ja", "ka", "kr", "nb",  "nl",    "nn",
                 "pl", "pt_BR", "ru", "sl", "sv", "tr", "ukr", "zh_CN", "zh_TW"}},
    {.name = "mac_prefix", .pattern = "[a-fA-F0-9][02468aceACE](:[a-fA-F0-9]{2}){0,2}:?"},
    {.name = "max_workers", .type = integer, .minimum = 1},
    {.name = "migration", .members = k_migration, .default_key = "type"},
    {.name = "next-id", .members = k_next_ids},
    {.name = "registered-tags", .pattern = k_tag_list},
    {.name = "tag-style", .members = k_tag_style},
    {.name = "user-tag-access", .members = k_tag_access}};

Answer write_options(World& world, const Call& call) {
  Json& options = world.settings.datacenter;
  for (const std::string& name : split_any(call.text("delete"), ",; ")) options.erase(name);
  for (const auto& [name, value] : call.parameters) {
    if (name == "delete") continue;
    options[name] = name == "description" && !value.ends_with('\n') ? value + "\n" : value;
  }
  return answer();
}

}  // namespace

std::vector<Route> datacenter_routes() {
  return {{"PUT", "/cluster/options", k_options, write_options, "/", {"Sys.Modify"}}};
}

}  // namespace aegis::simulator
