#include "manifest/alerts.h"

#include <fmt/format.h>

#include <algorithm>

#include "manifest/alert_grafana.h"
#include "manifest/alert_programs.h"
#include "manifest/alert_proxmox.h"
#include "manifest/alert_relay.h"
#include "manifest/os.h"
#include "manifest/os_paths.h"
#include "manifest/schema.h"
#include "manifest/spec.h"
#include "manifest/yaml_text.h"
#include "model/address.h"
#include "model/endpoint.h"
#include "monitoring/alertmanager.h"
#include "monitoring/checks.h"
#include "monitoring/documents.h"
#include "monitoring/program_checks.h"
#include "monitoring/prometheus.h"

namespace aegis {
namespace {

constexpr const char* k_folder = "/etc/prometheus";
constexpr const char* k_header =
    "# Made from the section `alerts` of the manifests: changes made by hand are put right.\n";

// A check needs an address where one is hidden.
constexpr const char* k_hidden_url = "https://redacted.invalid/";

bool holds_seal(const Json& value) {
  return is_sealed(value) ||
         (value.is_structured() && std::any_of(value.begin(), value.end(), holds_seal));
}

// `document` for people and for checks: without secrets, and still right.
Json shown_document(const Json& document) {
  if (is_sealed(document)) return redacted(document);
  if (!document.is_structured()) return document;
  Json shown = document;
  for (const auto& item : shown.items()) {
    const bool is_url = item.key() == "url" || item.key() == "webhook_url";
    item.value() =
        is_url && is_sealed(item.value()) ? Json(k_hidden_url) : shown_document(item.value());
  }
  return shown;
}

std::string to_text(const Json& document) {
  return k_header + to_yaml_text(document);
}

struct Reader {
  const char* unit;  ///< the service that reads a file
  Json check;        ///< the program that checks it before it replaces the old one
};

Reader reader_of(const std::string& file) {
  if (file == "alertmanager.yml") {
    return {"prometheus-alertmanager.service", {"amtool", "check-config", "%s"}};
  }
  if (file == "blackbox.yml") {
    return {"prometheus-blackbox-exporter.service",
            {"prometheus-blackbox-exporter", "--config.check", "--config.file=%s"}};
  }
  const char* what = file == "prometheus.yml" ? "config" : "rules";
  return {"prometheus.service", {"promtool", "check", what, "%s"}};
}

DeclaredCheck declared_check(const std::string& name, const Json& check) {
  DeclaredCheck declared{name, monitoring::type_of_check(check), text_or(check, "of"), "", ""};
  if (monitoring::is_program_check(check)) return declared;
  const monitoring::Probe probe = monitoring::probe_of(name, check);
  declared.module = probe.module;
  declared.target = probe.target;
  return declared;
}

Alerting read_alerting(const Json& alerts) {
  Alerting alerting;
  alerting.on = text_or(alerts, "on");
  alerting.endpoint = alertmanager_endpoint(alerting.on);
  alerting.prober = "blackbox/" + alerting.on;
  for (const auto& [name, channel] : get(alerts, "channels").items()) {
    alerting.channels[name] = monitoring::integration_of(channel);
  }
  for (const std::string severity : monitoring::k_severities) {
    alerting.routes[severity] =
        monitoring::channels_of(alerts, severity).get<std::vector<std::string>>();
    if (monitoring::is_quiet(alerts, severity)) alerting.quiet.insert(severity);
  }
  alerting.grouping = monitoring::grouping_of(alerts).get<std::vector<std::string>>();
  for (const auto& [name, address] : get(get(alerts, "scrape"), "node").items()) {
    alerting.node_exporters.insert(name);
  }
  for (const auto& [name, check] : get(alerts, "checks").items()) {
    alerting.checks.push_back(declared_check(name, check));
  }
  return alerting;
}

class AlertReader {
 public:
  AlertReader(const YamlNode& section, Json alerts, Reading& reading)
      : section_(section), alerts_(std::move(alerts)), reading_(reading) {}

  void read() {
    add_directory("rules");
    for (const auto& [name, document] : monitoring::documents(alerts_)) {
      reading_.manifests.alert_files[name] = to_text(shown_document(document));
      add_document(name, document);
    }
    const auto secrets = monitoring::secret_files(alerts_);
    if (!secrets.empty()) add_directory("secrets");
    for (const auto& [channel, secret] : secrets) {
      Resource file = path_of_group(
          "file", fmt::format("{}/{}", monitoring::k_secrets_folder, channel), "0640");
      put_file_content(reading_.vault.open(secret)->reveal(), true, file.spec, reading_.vault);
      resources_.push_back(std::move(file));
    }
    const Address system = parse_address(text_or(alerts_, "on")).value();
    const std::string scope =
        fmt::format("{}/{}", system.kind == "server" ? "host" : "guest", system.name);
    take(relay_resources(alerts_, scope, section_.where, reading_));
    take(program_check_resources(alerts_, section_.where, reading_));
    take(grafana_resources(alerts_, section_.where, reading_));
    const SourceSpan& where = section_.find("on")->where;
    for (auto& [server, resources] : backup_age_resources(alerts_, section_.where, reading_)) {
      if (scope == "host/" + server) {
        take(std::move(resources));
      } else {
        add_os_resources("alerts", {"", "server", server}, where, std::move(resources), reading_);
      }
    }
    add_os_resources("alerts", system, where, std::move(resources_), reading_);
    if (const YamlNode* proxmox = section_.find("proxmox")) {
      add_proxmox_notifications(*proxmox, alerts_, reading_);
    }
    add_way_in(scope);
  }

 private:
  // The folder of scripts may come from two.
  void take(std::vector<Resource> more) {
    for (Resource& resource : more) {
      const auto is_same = [&](const Resource& one) { return one.address == resource.address; };
      if (std::none_of(resources_.begin(), resources_.end(), is_same)) {
        resources_.push_back(std::move(resource));
      }
    }
  }

  // Belongs to root and to the group that Debian's packages bring along.
  Resource path_of_group(const char* kind, const std::string& path, const char* mode) {
    Resource resource;
    resource.address = {"", kind, path.substr(1)};
    resource.where = section_.where;
    resource.spec = {{"group", "prometheus"}, {"mode", mode}};
    return resource;
  }

  void add_directory(const std::string& name) {
    resources_.push_back(path_of_group("directory", fmt::format("{}/{}", k_folder, name), "0750"));
  }

  void add_document(const std::string& name, const Json& document) {
    const bool secret = holds_seal(document);
    Resource file = path_of_group("file", fmt::format("{}/{}", k_folder, name), "0640");
    Reader reader = reader_of(name);
    file.spec["validate"] = std::move(reader.check);
    file.spec["reloads"] = Json::array({reader.unit});
    put_file_content(
        to_text(reading_.vault.reveal_all(document)), secret, file.spec, reading_.vault);
    resources_.push_back(std::move(file));
  }

  // How Alertmanager is reached for what is asked of it.
  void add_way_in(const std::string& scope_name) {
    const auto& scopes = reading_.manifests.desired.scopes;
    const auto scope = scopes.find(scope_name);
    if (scope == scopes.end()) return;
    Alerting alerting = read_alerting(alerts_);
    alerting.shell = text_or(scope->second.settings, "shell");
    auto& services = reading_.manifests.connections.services;
    services[alerting.endpoint] = {alerting.shell, monitoring::alertmanager_address(alerts_)};
    services[alerting.prober] = {alerting.shell, monitoring::blackbox_address(alerts_)};
    reading_.manifests.alerting = std::move(alerting);
  }

  const YamlNode& section_;
  Json alerts_;
  Reading& reading_;
  std::vector<Resource> resources_;
};

}  // namespace

void read_alerts(const YamlNode& section, Reading& reading) {
  if (!reading.wrong["alerts"].empty()) return;
  if (section.find("on") == nullptr) {
    reading.error(section.where,
                  "a required key is missing",
                  "alerts needs `on`. For example: on: container/monitor");
    return;
  }
  const Json& schema = *member_schema(project_schema(), "alerts");
  Json alerts = to_spec(section, schema, reading.vault);
  check_alerts(section, alerts, reading);
  if (has_errors(reading.manifests.diagnostics)) return;
  AlertReader(section, std::move(alerts), reading).read();
}

}  // namespace aegis
