#include <fmt/format.h>

#include "simulator/routes.h"
#include "simulator/section_calls.h"

namespace aegis::simulator {
namespace {

using enum FieldType;

constexpr std::string_view k_file = "status.cfg";

const std::vector<SectionType> k_types{
    {"influxdb",
     {{.name = "server", .required = true},
      {.name = "port", .required = true},
      {"disable"},
      {"mtu"},
      {"timeout"},
      {"influxdbproto"},
      {"organization"},
      {"bucket"},
      {.name = "token", .secret = true},
      {"api-path-prefix"},
      {"max-body-size"},
      {"verify-certificate"}}},
    {"graphite",
     {{.name = "server", .required = true},
      {.name = "port", .required = true},
      {"disable"},
      {"mtu"},
      {"timeout"},
      {"proto"},
      {"path"}}},
};

const std::vector<Field> k_common{
    {.name = "id", .required = true, .format = formats::configid},
    {.name = "server", .required = true, .format = formats::server},
    {.name = "port", .type = integer, .required = true, .minimum = 1, .maximum = 65536},
    {.name = "api-path-prefix"},
    {.name = "bucket"},
    {.name = "disable", .type = boolean},
    {.name = "influxdbproto", .choices = {"udp", "http", "https"}},
    {.name = "max-body-size", .type = integer, .minimum = 1},
    {.name = "mtu", .type = integer, .minimum = 512, .maximum = 65536},
    {.name = "organization"},
    {.name = "path", .pattern = "[a-zA-Z0-9_.-]+"},
    {.name = "proto", .choices = {"udp", "tcp"}},
    {.name = "timeout", .type = integer, .minimum = 0},
    {.name = "token"},
    {.name = "verify-certificate", .type = boolean}};
const std::vector<Field> k_of_server{{.name = "id", .required = true, .format = formats::configid}};
const std::vector<Field> k_none{};

std::vector<Field> with(std::vector<Field> more) {
  more.insert(more.end(), k_common.begin(), k_common.end());
  return more;
}

// Every write sends a first packet; a server that is disabled is left alone.
Refusal test_connection(const World& world, const Section& section) {
  const auto disable = section.values.find("disable");
  if (disable != section.values.end() && disable->second == "1") return {};
  const std::string& server = section.values.at("server");
  if (world.answers(server)) return {};
  return refuse(fmt::format(
      "can't connect to '{}:{}' - Connection refused", server, section.values.at("port")));
}

Answer list_servers(World& world, const Call&) {
  Json items = Json::array();
  for (const auto& [id, section] : file_of(world, k_file).sections) {
    const Json shown = section_json(section, k_common);
    items.push_back({{"id", id},
                     {"type", section.type},
                     {"server", get(shown, "server")},
                     {"port", get(shown, "port")},
                     {"disable", as_integer(get(shown, "disable")).value_or(0)}});
  }
  return answer(std::move(items));
}

Answer read_server(World& world, const Call& call) {
  const Section* section = file_of(world, k_file).find(call.text("id"));
  if (section == nullptr) {
    return refuse(fmt::format("status server entry '{}' does not exist", call.text("id")));
  }
  Json item = section_json(*section, k_common);
  item["type"] = section->type;
  return answer(std::move(item));
}

Answer create_server(World& world, const Call& call) {
  const std::string id = call.text("id");
  const SectionType& type = *find_type(k_types, call.text("type"));
  SectionFile& file = file_of(world, k_file);
  if (file.find(id) != nullptr) {
    return refuse(fmt::format("Metric server '{}' already exists", id));
  }
  const SectionValues values = object_values(call, {"id", "type"});
  if (Refusal refusal = check_new_section(type, values)) return *refusal;
  Section section{call.text("type"), {}, {}};
  set_values(type, values, section);
  if (Refusal refusal = test_connection(world, section)) return *refusal;
  file.sections[id] = std::move(section);
  return answer();
}

Answer update_server(World& world, const Call& call) {
  const std::string id = call.text("id");
  SectionFile changed = file_of(world, k_file);
  const SectionValues values = object_values(call, {"id"});
  const std::string missing = fmt::format("no such server '{}'", id);
  if (Refusal refusal = change_object(call, k_types, values, id, missing, changed)) {
    return *refusal;
  }
  if (Refusal refusal = test_connection(world, *changed.find(id))) return *refusal;
  file_of(world, k_file) = std::move(changed);
  return answer();
}

Answer delete_server(World& world, const Call& call) {
  file_of(world, k_file).sections.erase(call.text("id"));
  return answer();
}

}  // namespace

std::vector<Route> metric_routes() {
  static const std::vector<Field> k_new =
      with({{.name = "type", .required = true, .choices = {"graphite", "influxdb"}}});
  static const std::vector<Field> k_update =
      with({{.name = "delete", .type = list, .max_length = 4096, .format = formats::configid},
            {.name = "digest", .max_length = 64}});
  constexpr std::string_view k_path = "/cluster/metrics/server/{id}";
  const std::vector<std::string_view> sees{"Sys.Audit"};
  const std::vector<std::string_view> changes{"Sys.Modify"};
  return {
      {"GET", "/cluster/metrics/server", k_none, list_servers, "/", sees},
      {"GET", k_path, k_of_server, read_server, "/", sees},
      {"POST", k_path, k_new, create_server, "/", changes},
      {"PUT", k_path, k_update, update_server, "/", changes},
      {"DELETE", k_path, k_of_server, delete_server, "/", changes},
  };
}

}  // namespace aegis::simulator
