#include "manifest/alert_grafana.h"

#include <fmt/format.h>

#include "manifest/os_paths.h"
#include "manifest/yaml_text.h"
#include "monitoring/dashboards.h"

namespace aegis {
namespace {

constexpr const char* k_header =
    "# Made from the section `alerts` of the manifests: changes made by hand are put right.\n";
constexpr const char* k_service = "grafana-server.service";

class GrafanaFiles {
 public:
  GrafanaFiles(const SourceSpan& where, Reading& reading) : where_(where), reading_(reading) {}

  void add_folder(const std::string& path) { made_.push_back(part("directory", path)); }

  void add_file(const std::string& path, const std::string& text, bool restarts) {
    Resource file = part("file", path);
    reading_.manifests.alert_files["grafana/" + path.substr(path.rfind('/') + 1)] = text;
    if (restarts) file.spec["restarts"] = Json::array({k_service});
    put_file_content(text, false, file.spec, reading_.vault);
    made_.push_back(std::move(file));
  }

  std::vector<Resource> take() { return std::move(made_); }

 private:
  [[nodiscard]] Resource part(const char* kind, const std::string& path) const {
    Resource resource;
    resource.address = {"", kind, path.substr(1)};
    resource.where = where_;
    resource.spec = Json::object();
    return resource;
  }

  const SourceSpan& where_;
  Reading& reading_;
  std::vector<Resource> made_;
};

}  // namespace

std::vector<Resource> grafana_resources(const Json& alerts,
                                        const SourceSpan& where,
                                        Reading& reading) {
  constexpr int k_indent = 2;
  const Json& grafana = get(alerts, "grafana");
  if (grafana.is_null()) return {};
  const std::string provisioning = text_or(grafana, "provisioning", "/etc/grafana/provisioning");
  const std::string folder = text_or(grafana, "dashboards", "/var/lib/grafana/dashboards/aegisctl");
  const std::string url = text_or(grafana, "prometheus", "http://127.0.0.1:9090");
  GrafanaFiles files(where, reading);
  for (const char* kind : {"datasources", "dashboards"}) {
    files.add_folder(fmt::format("{}/{}", provisioning, kind));
  }
  files.add_folder(folder);
  // Grafana reads these when it starts, and looks for changed dashboards itself.
  files.add_file(fmt::format("{}/datasources/aegisctl-datasource.yaml", provisioning),
                 k_header + to_yaml_text(monitoring::datasource_provisioning(url)),
                 true);
  files.add_file(fmt::format("{}/dashboards/aegisctl-dashboards.yaml", provisioning),
                 k_header + to_yaml_text(monitoring::dashboard_provisioning(folder)),
                 true);
  for (const auto& [name, dashboard] : monitoring::dashboards(alerts)) {
    files.add_file(fmt::format("{}/{}", folder, name), dashboard.dump(k_indent) + "\n", false);
  }
  return files.take();
}

}  // namespace aegis
