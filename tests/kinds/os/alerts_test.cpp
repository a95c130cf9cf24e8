#include <catch2/catch.hpp>

#include "kinds/os/os_rig.h"

using namespace aegis;
using namespace aegis::test;

namespace {

/// The machine with Prometheus's real tools, before its packages brought their files along: those
/// are in /srv.
class AlertRig : public OsRig {
 public:
  AlertRig() {
    root().sh("groupadd -r prometheus; mv /etc/prometheus/*.yml /srv");
    project().set("HOOK", "https://hook.example/planted");
    project().write("secrets.yaml", "secrets: { hook: { env: HOOK } }\n");
  }

  void want_rule(const std::string& rule) {
    project().write("alerts.yaml",
                    "alerts:\n"
                    "  on: server/a\n"
                    "  channels: { ops: { discord: { webhook: '${secret:hook}' } } }\n"
                    "  checks: { shop: { http: { url: 'https://shop.example' } } }\n"
                    "  rules: { own: " +
                        rule + " }\n");
    want("      directories: { /srv/d: {} }\n");
  }

  /// What installing the packages does to the folder.
  void bring_files() { root().sh("mv /srv/*.yml /etc/prometheus"); }
};

}  // namespace

TEST_CASE("alerts replace the files that the packages bring along, and the second run is empty") {
  AlertRig rig;
  rig.want_rule("{ expr: up == 0 }");
  const Plan plan = rig.plan();
  rig.bring_files();
  const auto applied = rig.apply(plan);
  INFO((applied ? "" : applied.error().message));
  REQUIRE(applied);
  CHECK(rig.plan().changes.empty());
  CHECK(rig.root().sh("cat /etc/prometheus/rules/custom.yml").find("expr: up == 0\n") !=
        std::string::npos);
  CHECK(rig.root().sh("stat -c '%U:%G %a' /etc/prometheus/alertmanager.yml") ==
        "root:prometheus 640\n");
  CHECK(rig.root().sh("cat /etc/prometheus/alertmanager.yml").find("/planted\n") !=
        std::string::npos);
}

TEST_CASE("a changed rule reloads Prometheus once, and nothing else") {
  AlertRig rig;
  rig.root().sh(
      "systemctl start prometheus.service; systemctl start prometheus-alertmanager.service");
  rig.want_rule("{ expr: up == 0 }");
  rig.converge();
  rig.root().sh(": > /tmp/systemctl.log");
  rig.want_rule("{ expr: up == 1 }");
  rig.converge();
  CHECK(rig.root().sh("grep '^re' /tmp/systemctl.log") == "reload -- prometheus.service\n");
}

TEST_CASE("a file of a package that somebody has changed is somebody's") {
  AlertRig rig;
  rig.want_rule("{ expr: up == 0 }");
  const Plan plan = rig.plan();
  rig.root().sh("echo '# mine' >> /srv/prometheus.yml");
  rig.bring_files();
  const auto refused = rig.apply(plan);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(rig.root().sh("tail -n 1 /etc/prometheus/prometheus.yml") == "# mine\n");
}

TEST_CASE("a rule that Prometheus does not understand leaves the rules as they were") {
  AlertRig rig;
  rig.want_rule("{ expr: up == 0 }");
  rig.converge();
  rig.want_rule("{ expr: 'rate(up' }");
  const auto refused = rig.apply(rig.plan());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("unclosed left parenthesis") != std::string::npos);
  CHECK(rig.root().sh("cat /etc/prometheus/rules/custom.yml").find("rate") == std::string::npos);
  rig.want_rule("{ expr: up == 1 }");
  rig.converge();
}
