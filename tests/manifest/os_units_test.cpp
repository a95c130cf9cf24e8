#include "manifest/os_units.h"

#include <catch2/catch.hpp>

#include "manifest/load.h"
#include "manifest/project_folder.h"

using namespace aegis;
using namespace aegis::test;

namespace {

Manifests load_units(ProjectFolder& project, const std::string& os) {
  return project.write("aegis.yaml", "servers:\n  a:\n    ssh: { host: h }\n    os:\n" + os).load();
}

bool needs(const Manifests& manifests,
           const std::string& name,
           const std::string& other,
           const char* kind = "unit") {
  const Resource& resource = manifests.desired.resources.at({"host/a", kind, name});
  for (const Address& need : resource.depends_on) {
    if (to_string(need) == "host/a/" + other) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a unit comes after what it runs, reads and starts, and after packages and users") {
  ProjectFolder project;
  const Manifests manifests = load_units(project, R"(
      packages: { curl: present }
      users: { agent: {} }
      files:
        /usr/local/bin/job: { content: x }
        /etc/job.conf: { content: x, reloads: [job.service] }
        /etc/other: { content: x }
      units:
        job.service: { content: "[Service]\nExecStart=/usr/local/bin/job\n" }
        job.timer: { content: "[Timer]\nOnCalendar=daily\n", state: started }
)");
  CHECK(described(manifests.diagnostics) == std::vector<std::string>{});
  CHECK(needs(manifests, "job.service", "package/curl"));
  CHECK(needs(manifests, "job.service", "os-user/agent"));
  CHECK(needs(manifests, "job.service", "file/usr/local/bin/job"));
  CHECK(needs(manifests, "job.service", "file/etc/job.conf"));
  CHECK_FALSE(needs(manifests, "job.service", "file/etc/other"));
  CHECK(needs(manifests, "job.timer", "unit/job.service"));
  const Scope& scope = manifests.desired.scopes.at("host/a");
  CHECK(scope.settings.at("units") == Json({"job.service", "job.timer"}));
}

TEST_CASE("a file that names units or a check comes after packages, which may bring those along") {
  ProjectFolder project;
  const Manifests manifests = load_units(project, R"(
      packages: { nginx: present }
      directories: { /srv: {} }
      files:
        /srv/plain: { content: x }
        /srv/read: { content: x, reloads: [nginx.service] }
        /srv/checked: { content: x, validate: [nginx, -t, "%s"] }
)");
  CHECK(described(manifests.diagnostics) == std::vector<std::string>{});
  CHECK_FALSE(needs(manifests, "srv/plain", "package/nginx", "file"));
  CHECK(needs(manifests, "srv/read", "package/nginx", "file"));
  CHECK(needs(manifests, "srv/checked", "package/nginx", "file"));
}

TEST_CASE("files that disturb the same units stand and fall together, and no others") {
  ProjectFolder project;
  const Manifests manifests = load_units(project, R"(
      files:
        /a: { content: x, restarts: [b.service, c.service] }
        /b: { content: x, restarts: [d.service], reloads: [c.service] }
        /c: { content: x, restarts: [e.service] }
        /d: { content: x }
)");
  const auto together = [&](const std::string& name) {
    return get(manifests.desired.resources.at({"host/a", "file", name}).spec, "together");
  };
  CHECK(together("a") == "b.service");
  CHECK(together("b") == "b.service");
  CHECK(together("c") == "e.service");
  CHECK(together("d").is_null());
}

TEST_CASE("units that contradict themselves are told where they stand") {
  const std::map<std::string, std::string> mistakes{
      {"      units: { a.service: { masked: true, state: started } }\n",
       "a masked unit that is to do something"},
      {"      units: { a.timer: { content: \"[Timer]\\n\", enabled: true } }\n",
       "a unit that cannot be enabled"},
      {"      units: { a.service: { content: x, source: y } }\n", "a file without one content"},
      {"      files: { /etc/systemd/system/a.service: { content: x } }\n"
       "      units: { a.service: { content: x } }\n",
       "one path twice"},
  };
  for (const auto& [text, summary] : mistakes) {
    ProjectFolder project;
    const Manifests manifests = load_units(project, text);
    INFO(text);
    REQUIRE(manifests.diagnostics.size() == 1);
    CHECK(manifests.diagnostics.front().summary == summary);
    CHECK(manifests.diagnostics.front().where.has_value());
  }
  for (const char* text : {"      units: { a.service: {} }\n",
                           "      units: { a@.service: { state: started } }\n",
                           "      units: { \"$(x).service\": { state: started } }\n"}) {
    ProjectFolder project;
    INFO(text);
    CHECK_FALSE(load_units(project, text).diagnostics.empty());
  }
}
