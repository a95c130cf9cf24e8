#include <fmt/format.h>

#include "base/digest.h"
#include "base/text.h"
#include "simulator/settings_calls.h"

namespace aegis::simulator {
namespace {

using enum FieldType;
using Fields = std::vector<Field>;

constexpr std::string_view k_this_node = "/nodes/{node}";

const Field k_node{.name = "node", .required = true, .format = formats::node};
const Fields k_of_node{k_node};
const Fields k_dns{k_node,
                   {.name = "search", .required = true},
                   {.name = "dns1", .format = formats::ip},
                   {.name = "dns2", .format = formats::ip},
                   {.name = "dns3", .format = formats::ip}};
const Fields k_hosts{
    k_node, {.name = "data", .required = true}, {.name = "digest", .max_length = 64}};
const Fields k_time{k_node, {.name = "timezone", .required = true}};
const Fields k_disks{k_node,
                     {.name = "include-partitions", .type = boolean},
                     {.name = "skipsmart", .type = boolean},
                     {.name = "type", .choices = {"unused", "journal_disks"}}};

Answer read_dns(World& world, const Call&) {
  return answer(world.settings.dns);
}

// The file is written anew: a server that is not sent is gone.
Answer write_dns(World& world, const Call& call) {
  Json dns = Json::object();
  for (const std::string_view key : {"search", "dns1", "dns2", "dns3"}) {
    if (call.has(key)) dns[std::string(key)] = call.text(key);
  }
  world.settings.dns = std::move(dns);
  return answer();
}

Answer read_hosts(World& world, const Call&) {
  return answer({{"data", world.settings.hosts}, {"digest", sha1_hex(world.settings.hosts)}});
}

Answer write_hosts(World& world, const Call& call) {
  if (call.has("digest") && call.text("digest") != sha1_hex(world.settings.hosts)) {
    return refuse("detected modified configuration - file changed by other user? Try again.");
  }
  world.settings.hosts = call.text("data");
  return answer();
}

Answer read_time(World& world, const Call&) {
  return answer({{"timezone", world.settings.timezone},
                 {"time", world.now_seconds()},
                 {"localtime", world.now_seconds()}});
}

// Not every zone there is, but the shape of all of them.
Answer write_time(World& world, const Call& call) {
  const std::string zone = call.text("timezone");
  if (formats::timezone(zone)) return refuse(fmt::format("unknown timezone '{}'", zone));
  world.settings.timezone = zone;
  return answer();
}

Answer list_disks(World& world, const Call& call) {
  Json disks = Json::array();
  if (call.has("type")) return answer(std::move(disks));
  for (const DiskOptions& disk : world.options.disks) {
    disks.push_back({{"devpath", disk.path},
                     {"model", disk.model},
                     {"serial", disk.serial},
                     {"size", disk.size},
                     {"type", disk.type},
                     {"vendor", "unknown"},
                     {"wwn", "unknown"},
                     {"gpt", 1},
                     {"health", call.flag("skipsmart") ? "UNKNOWN" : "PASSED"},
                     {"wearout", "N/A"},
                     {"rpm", 0},
                     {"used", "ZFS"},
                     {"osdid", -1},
                     {"osdid-list", nullptr}});
  }
  return answer(std::move(disks));
}

Answer read_subscription(World&, const Call&) {
  return answer({{"status", "notfound"},
                 {"message", "There is no subscription key"},
                 {"serverid", "27813D452E473DB1D3C398AD48269346"},
                 {"url", "https://www.proxmox.com/en/proxmox-virtual-environment/pricing"}});
}

}  // namespace

std::vector<Route> node_settings_routes() {
  const std::vector<std::string_view> audit{"Sys.Audit"};
  const std::vector<std::string_view> modify{"Sys.Modify"};
  return {
      {"GET", "/nodes/{node}/dns", k_of_node, read_dns, k_this_node, audit},
      {"PUT", "/nodes/{node}/dns", k_dns, write_dns, k_this_node, modify},
      {"GET", "/nodes/{node}/hosts", k_of_node, read_hosts, "/", audit},
      {"POST", "/nodes/{node}/hosts", k_hosts, write_hosts, k_this_node, modify},
      {"GET", "/nodes/{node}/time", k_of_node, read_time, k_this_node, audit},
      {"PUT", "/nodes/{node}/time", k_time, write_time, k_this_node, modify},
      {"GET", "/nodes/{node}/disks/list", k_disks, list_disks, k_this_node, audit},
      {"GET", "/nodes/{node}/subscription", k_of_node, read_subscription},
  };
}

}  // namespace aegis::simulator
