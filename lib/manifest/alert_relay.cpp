#include "manifest/alert_relay.h"

#include <fmt/format.h>

#include "manifest/os_paths.h"
#include "monitoring/relay.h"

namespace aegis {
namespace {

constexpr const char* k_header =
    "# Made from the section `alerts` of the manifests: changes made by hand are put right.\n";

Resource resource(const char* kind, const std::string& name, const SourceSpan& where) {
  Resource made;
  made.address = {"", kind, name};
  made.where = where;
  made.spec = Json::object();
  return made;
}

Resource folder_of(const std::string& path, const SourceSpan& where) {
  return resource("directory", path.substr(1, path.rfind('/') - 1), where);
}

std::string json_text(const Json& value) {
  constexpr int k_indent = 2;
  return value.dump(k_indent) + "\n";
}

}  // namespace

std::vector<Resource> relay_resources(const Json& alerts,
                                      const std::string& scope,
                                      const SourceSpan& where,
                                      Reading& reading) {
  using namespace monitoring;
  if (!needs_relay(alerts)) return {};
  const std::string binary = relay_binary(alerts);
  const Address program{scope, "file", binary.substr(1)};
  auto& files = reading.manifests.alert_files;
  std::vector<Resource> resources{folder_of(k_relay_file, where)};

  const Json config = relay_config(alerts);
  files["relay.json"] = json_text(redacted(config));
  Resource file = resource("file", k_relay_file + 1, where);
  // The program that will read it says whether it can, and so whether it is there at all.
  file.spec = {{"mode", "0600"},
               {"restarts", Json::array({k_relay_service})},
               {"validate", Json::array({binary, "relay", "--check", "--config", "%s"})}};
  if (reading.manifests.desired.resources.contains(program)) file.depends_on.push_back(program);
  put_file_content(json_text(reading.vault.reveal_all(config)), true, file.spec, reading.vault);
  resources.push_back(std::move(file));

  for (const auto& [name, text] :
       {std::pair(std::string(k_relay_socket), relay_socket_text(alerts)),
        std::pair(std::string(k_relay_service), relay_service_text(alerts))}) {
    files[name] = k_header + text;
    Resource unit = resource("unit", name, where);
    // The socket starts the service with the first message, and systemd does after a start.
    unit.spec = {{"enabled", true}};
    if (name == k_relay_socket) unit.spec["state"] = "started";
    put_file_content(files[name], false, unit.spec, reading.vault);
    resources.push_back(std::move(unit));
  }
  return resources;
}

}  // namespace aegis
