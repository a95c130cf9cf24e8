#include <catch2/catch.hpp>

#include "kinds/os/os_rig.h"
#include "render/plan_text.h"

using namespace aegis;
using namespace aegis::test;

namespace {

constexpr const char* k_service = "[Service]\nExecStart=/bin/sleep 99\nEnvironmentFile=/srv/web\n";

/// A host with the service web.service of the system, which runs and read /srv/web.
class UnitRig : public OsRig {
 public:
  UnitRig() {
    root().sh(std::string("printf '") + k_service +
              "[Install]\nWantedBy=multi-user.target\n' > /usr/lib/systemd/system/web.service\n"
              "mkdir -p /etc/systemd/system; echo old > /srv/web; systemctl start web.service\n");
  }

  std::string active(const std::string& unit) {
    return root().sh("tail -n 1 /var/lib/fake-systemd/active/" + unit);
  }
  std::string calls(const std::string& word) {
    return root().sh("grep -c '^" + word + "' /tmp/systemctl.log || :");
  }
};

constexpr const char* k_timer = R"(
      units:
        nightly.service: { content: "[Service]\nType=oneshot\nExecStart=/bin/true\n" }
        nightly.timer:
          content: "[Timer]\nOnCalendar=daily\n[Install]\nWantedBy=timers.target\n"
          enabled: true
          state: started
)";

PlanOptions adopt_all() {
  PlanOptions options;
  options.adopts = {"host/a"};
  options.prune = true;
  return options;
}

}  // namespace

TEST_CASE("a timer with its service is written, enabled and started, with one daemon-reload") {
  UnitRig rig;
  rig.want(k_timer);
  rig.converge();
  CHECK(rig.calls("daemon-reload") == "1\n");
  CHECK(rig.root().sh("ls /etc/systemd/system/timers.target.wants/nightly.timer") != "");
  CHECK(rig.root().sh("ls /var/lib/fake-systemd/active") == "nightly.timer\nweb.service\n");
  CHECK(rig.root().sh("find /var/lib/aegisctl/pending -type f") == "");
}

TEST_CASE("a unit that is no longer declared is stopped, disabled and removed with --prune only") {
  UnitRig rig;
  rig.want(k_timer);
  rig.converge();
  rig.want("      units: { web.service: { enabled: false } }\n");
  CHECK(rig.plan().changes.size() == 2);
  CHECK_FALSE(rig.plan().has_work());
  rig.converge(adopt_all());
  CHECK(
      rig.root().sh("ls /var/lib/fake-systemd/active; find /etc/systemd/system -name 'nightly*'") ==
      "web.service\n");
}

TEST_CASE("a unit of the system is switched, and its file is left alone") {
  UnitRig rig;
  rig.want("      units: { web.service: { enabled: true, state: stopped } }\n");
  const Plan plan = rig.plan();
  CHECK(only_change(plan).action == Action::update);
  CHECK(only_change(plan).disruption == Disruption::restart_service);
  rig.converge();
  rig.want("      units: { web.service: { enabled: false, state: started } }\n");
  rig.converge();
  CHECK(rig.active("web.service") == "old\n");
  rig.want("      units: { web.service: { masked: true, state: stopped } }\n");
  rig.converge();
  rig.want("      units: { web.service: { masked: false, state: started } }\n");
  rig.converge();
  rig.want("      units: {}\n");
  CHECK_FALSE(rig.plan(adopt_all()).has_differences());
}

TEST_CASE("a changed unit file restarts its unit when that runs") {
  UnitRig rig;
  const std::string begin =
      "      units:\n        my.service: { state: started, content: "
      "\"[Service]\\nExecStart=/bin/sleep ";
  rig.want(begin + "1\\n\" }\n");
  rig.converge();
  const std::string before = rig.root().sh("cat /var/lib/fake-systemd/active/my.service");
  rig.want(begin + "2\\n\" }\n");
  CHECK(only_change(rig.plan()).disruption == Disruption::restart_service);
  rig.converge();
  CHECK(rig.root().sh("cat /var/lib/fake-systemd/active/my.service") != before);
  CHECK(rig.calls("restart") == "1\n");
}

TEST_CASE("a unit file that systemd refuses does not land") {
  UnitRig rig;
  rig.want("      units: { bad.timer: { content: \"[Timer]\\nOnCalendar=soon\\n\" } }\n");
  const auto refused = rig.apply(rig.plan());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("soon") != std::string::npos);
  CHECK(rig.root().sh("find /etc/systemd/system -name '*bad*'") == "");
}

TEST_CASE("two changed files restart the unit that reads them once, and the plan says so") {
  UnitRig rig;
  rig.want(R"(
      files:
        /srv/web: { content: "new\n", restarts: [web.service, other.service] }
        /srv/more: { content: "more\n", restarts: [web.service] }
)");
  const Plan plan = rig.plan(adopt_all());
  CHECK(render_text(plan, {}).find("restart web.service") != std::string::npos);
  CHECK(render_text(plan, {}).find("other.service") == std::string::npos);
  CHECK(plan.changes.front().disruption == Disruption::restart_service);
  rig.converge(adopt_all());
  CHECK(rig.active("web.service") == "new\n");
  CHECK(rig.calls("restart") == "1\n");
}

TEST_CASE("a unit that does not run is not restarted by its files") {
  UnitRig rig;
  rig.root().sh("systemctl stop web.service");
  rig.want("      files: { /srv/more: { content: new, restarts: [web.service] } }\n");
  CHECK(only_change(rig.plan()).disruption == Disruption::none);
  rig.converge();
  CHECK(rig.calls("restart") == "0\n");
}

TEST_CASE("a failed restart brings the old contents back and the unit up again, and says so") {
  for (const char* content : {"broken", "mortal"}) {
    UnitRig rig;
    rig.root().sh("chmod 640 /srv/web");
    rig.want(std::string(R"(
      files:
        /srv/web: { content: ")") +
             content + R"(", restarts: [web.service] }
        /srv/new: { content: "new\n", restarts: [web.service] }
)");
    const Report report = rig.run(rig.plan(adopt_all()));
    CHECK(report.outcome == Outcome::rolled_back);
    CHECK(rig.root().sh("cat /srv/web; stat -c %a /srv/web; ls /srv") == "old\n640\nweb\n");
    CHECK(rig.active("web.service") == "old\n");
    CHECK(rig.root().sh("find /var/lib/aegisctl/pending -type f") == "");
    CHECK(rig.plan().changes.size() == 2);
  }
}

TEST_CASE("a reload is no restart, and what a cut run left to be done is done by the next one") {
  UnitRig rig;
  rig.want("      files: { /srv/web: { content: \"new\\n\", reloads: [web.service] } }\n");
  const Plan plan = rig.plan(adopt_all());
  CHECK(only_change(plan).disruption == Disruption::reload);
  Plan cut = plan;
  cut.steps.pop_back();
  REQUIRE(rig.apply(cut));
  CHECK(rig.active("web.service") == "old\n");
  CHECK(attribute(only_change(rig.plan()), "pending").note == "reload web.service");
  rig.converge();
  CHECK(rig.active("web.service") == "new\n");
  CHECK(rig.calls("reload") == "1\n");
  CHECK(rig.calls("restart") == "0\n");
}

TEST_CASE("a drop-in lets systemd read its files anew") {
  UnitRig rig;
  rig.want(R"(
      directories: { /etc/systemd/system/web.service.d: {} }
      files: { /etc/systemd/system/web.service.d/x.conf: { content: "[Service]\nNice=1\n", restarts: [web.service] } }
)");
  rig.converge();
  CHECK(rig.root().sh("grep -v show /tmp/systemctl.log | tail -n 3") ==
        "daemon-reload\nrestart -- web.service\nis-active --quiet -- web.service\n");
}

TEST_CASE("a unit that cannot be enabled, or that ends at once, is told and undone") {
  UnitRig rig;
  rig.want("      units: { systemd-journald.service: { enabled: true } }\n");
  CHECK(only_change(rig.plan()).blocked.find("[Install]") != std::string::npos);
  rig.want(R"(
      units: { once.service: { content: "[Service]\nType=oneshot\nExecStart=/bin/true\n", state: started } }
)");
  const Report report = rig.run(rig.plan());
  CHECK(report.outcome == Outcome::rolled_back);
  CHECK(rig.root().sh("find /etc/systemd/system -name 'once*'") == "");
}

TEST_CASE("a system without systemd is an error that says so") {
  UnitRig rig;
  rig.root().sh("rmdir /run/systemd/system");
  rig.want("      units: { web.service: { enabled: true } }\n");
  const Observed observed = rig.look();
  REQUIRE(observed.failures.size() == 1);
  CHECK(observed.failures.front().error.message.find("systemd does not run there") !=
        std::string::npos);
}

TEST_CASE("a unit that there never was needs no switching off") {
  UnitRig rig;
  rig.want("      units: { never-heard-of.service: { state: stopped, enabled: false } }\n");
  CHECK_FALSE(rig.plan().has_differences());
}

TEST_CASE("a unit that runs on without its file is stopped") {
  UnitRig rig;
  rig.root().sh("rm /usr/lib/systemd/system/web.service");
  rig.want("      units: { web.service: { state: stopped } }\n");
  CHECK(rig.plan().has_differences());
  rig.converge();
  CHECK(rig.root().sh("ls /var/lib/fake-systemd/active") == "");
}
