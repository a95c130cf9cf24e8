#include "manifest/os_composed.h"

#include <catch2/catch.hpp>

#include "manifest/calendar_event.h"
#include "manifest/project_folder.h"
#include "manifest/unit_text.h"

using namespace aegis;
using namespace aegis::test;

namespace {

/// A project with one server whose operating system is declared.
class Project {
 public:
  explicit Project(const std::string& os)
      : manifests_(
            folder_.write("aegis.yaml", "servers:\n  a:\n    ssh: { host: h }\n    os:\n" + os)
                .load()) {}

  std::vector<std::string> mistakes() const { return described(manifests_.diagnostics); }
  const Json& spec(const std::string& address) const {
    return manifests_.desired.resources.at(parse_address(address).value()).spec;
  }
  /// What is in a file or a unit, below the line that says who made it.
  std::string text(const std::string& address) const {
    const std::string text = spec(address).at("content");
    return text.substr(text.find('\n') + 1);
  }
  const Json& settings() const { return manifests_.desired.scopes.at("host/a").settings; }

 private:
  ProjectFolder folder_;
  Manifests manifests_;
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a job is a service that does its work and ends, and a timer that starts it") {
  const Project project(R"(
      jobs:
        memory:
          schedule: "*-*-* 03:30"
          command: [rsync, -a, "/home/a b", "$HOME", "50%", "say \"\\hi\""]
          user: agent
          directory: /srv/100%
          timeout: 20m
          delay: 10m
          on_failure: [tell-ops.service]
)");
  CHECK(project.mistakes() == Texts{});
  CHECK(project.text("host/a/unit/job-memory.service") ==
        "[Unit]\nDescription=Job memory\nOnFailure=tell-ops.service\n\n[Service]\nType=oneshot\n"
        "ExecStart=\"rsync\" \"-a\" \"/home/a b\" \"$$HOME\" \"50%%\" \"say \\\"\\\\hi\\\"\"\n"
        "TimeoutStartSec=20m\nUser=agent\nWorkingDirectory=/srv/100%%\n");
  CHECK(project.text("host/a/unit/job-memory.timer") ==
        "[Unit]\nDescription=When job-memory runs\n\n[Timer]\nOnCalendar=*-*-* 03:30\n"
        "RandomizedDelaySec=10m\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n");
  const Json& timer = project.spec("host/a/unit/job-memory.timer");
  CHECK(timer.at("enabled") == true);
  CHECK(timer.at("state") == "started");
  CHECK(project.settings().at("units") == Json({"job-memory.service", "job-memory.timer"}));
}

TEST_CASE("a job can be a text for the shell, at several times, and switched off") {
  const Project project(R"(
      jobs:
        pull: { schedule: [hourly, "Sun 12:00 UTC"], command: "cd /srv && git pull", enabled: false, catch_up: false }
)");
  CHECK(project.mistakes() == Texts{});
  CHECK(project.text("host/a/unit/job-pull.service")
            .find("ExecStart=\"/bin/sh\" \"-c\" \"cd /srv && git pull\"\nTimeoutStartSec=1h\n") !=
        std::string::npos);
  CHECK(project.text("host/a/unit/job-pull.timer")
            .find("OnCalendar=hourly\nOnCalendar=Sun 12:00 UTC\nPersistent=false\n") !=
        std::string::npos);
  CHECK(project.spec("host/a/unit/job-pull.timer").at("state") == "stopped");
}

TEST_CASE("a time that never comes and a command that is no program are told with their places") {
  const Project project(R"(
      jobs:
        a: { schedule: soon, command: [ls] }
        b: { schedule: [daily, "25:00"], command: ["-ls"] }
        c: { schedule: daily, command: [""] }
      units: { job-d.service: { content: "[Service]\nExecStart=/bin/true\n" } }
)");
  CHECK(project.mistakes() == Texts{"aegis.yaml:7:24 not a calendar event",
                                    "aegis.yaml:8:32 not a calendar event",
                                    "aegis.yaml:8:51 not a program",
                                    "aegis.yaml:9:40 not a program"});
}

TEST_CASE("a job and a unit of the same name are one path twice") {
  const Project project(R"(
      units: { job-d.service: { content: "[Service]\nExecStart=/bin/true\n" } }
      jobs: { d: { schedule: daily, command: ls } }
)");
  CHECK(project.mistakes() == Texts{"aegis.yaml:7:15 one path twice"});
}

TEST_CASE("what systemd takes for times is taken, and nothing else") {
  for (const char* event : {"daily",
                            "hourly UTC",
                            "*-*-* 03:30",
                            "Sun *-*-1..7 03:00",
                            "Mon..Fri 22:30",
                            "*:0/15",
                            "*-02~03/1",
                            "Mon,Wed *-1..3-* 4:5:6 Europe/Berlin",
                            "sat,sun 10:00"}) {
    INFO(event);
    CHECK(is_calendar_event(event));
  }
  for (const char* text :
       {"", "soon", "25:00", "02:00:00:00", "*-13-01", "02:00 ", "sunday at 2"}) {
    INFO(text);
    CHECK_FALSE(is_calendar_event(text));
  }
}

TEST_CASE("no word can end its line or be taken for more than a word") {
  CHECK(exec_words({"a\nExecStart=/bin/x", "$(b)", "${c}", "%n", "'"}) ==
        "\"a\\x0aExecStart=/bin/x\" \"$$(b)\" \"$${c}\" \"%%n\" \"'\"");
}

TEST_CASE("a jail is three strikes and one hour, in a file that fail2ban checks and reloads") {
  const Project project(R"(
      fail2ban:
        sshd: { backend: systemd, ignoreip: [198.51.100.0/24, 192.0.2.7], port: [ssh, "2222"] }
        web: { enabled: false, maxretry: 5, findtime: 1h, bantime: "-1", logpath: [/a.log, /b c.log], filter: f }
)");
  CHECK(project.mistakes() == Texts{});
  const std::string sshd = "host/a/file/etc/fail2ban/jail.d/aegisctl-sshd.local";
  CHECK(project.text(sshd) ==
        "[sshd]\nenabled = true\nmaxretry = 3\nfindtime = 10m\nbantime = 1h\nbackend = systemd\n"
        "port = ssh,2222\nignoreip = 198.51.100.0/24 192.0.2.7\n");
  CHECK(project.spec(sshd).at("reloads") == Json::array({"fail2ban.service"}));
  CHECK(project.text("host/a/file/etc/fail2ban/jail.d/aegisctl-web.local") ==
        "[web]\nenabled = false\nmaxretry = 5\nfindtime = 1h\nbantime = -1\nfilter = f\n"
        "logpath = /a.log\n          /b c.log\n");
  CHECK(project.settings().at("units") == Json::array({"fail2ban.service"}));
}

TEST_CASE("a log rotation is a file that logrotate checks") {
  const Project project(R"(
      logrotate:
        app: { files: ["/srv/app/*.log", "/a b"], every: daily, keep: 7, max_size: 1MiB, create: 0640 a b, after: "systemctl kill -s HUP a" }
        raw: { files: [/x], compress: false, copytruncate: true }
)");
  CHECK(project.mistakes() == Texts{});
  CHECK(project.text("host/a/file/etc/logrotate.d/app") ==
        "\"/srv/app/*.log\"\n\"/a b\"\n{\n  daily\n  rotate 7\n  missingok\n  notifempty\n"
        "  compress\n  delaycompress\n  maxsize 1048576\n  create 0640 a b\n  sharedscripts\n"
        "  postrotate\nsystemctl kill -s HUP a\n  endscript\n}\n");
  CHECK(project.text("host/a/file/etc/logrotate.d/raw") ==
        "\"/x\"\n{\n  weekly\n  rotate 4\n  missingok\n  notifempty\n  copytruncate\n}\n");
  const Project wrong("      logrotate: { a: { files: [/x], after: \"true\\n endscript\\n\" } }\n");
  CHECK(wrong.mistakes() == Texts{"aegis.yaml:5:45 a script that would end early"});
}

TEST_CASE("what sshd is told comes before all other files, checked, reloaded and guarded") {
  const Project project(R"(
      ssh:
        port: [22, 2222]
        password_authentication: false
        allow_users: [root, agent@198.51.100.*]
        x11_forwarding: false
        options: { LogLevel: VERBOSE, ClientAliveInterval: 60, UseDNS: true }
)");
  CHECK(project.mistakes() == Texts{});
  const std::string file = "host/a/file/etc/ssh/sshd_config.d/00-aegisctl.conf";
  CHECK(project.text(file) ==
        "Port 22\nPort 2222\nPasswordAuthentication no\nAllowUsers root agent@198.51.100.*\n"
        "X11Forwarding no\nKbdInteractiveAuthentication no\nClientAliveInterval 60\n"
        "LogLevel VERBOSE\nUseDNS yes\n");
  CHECK(project.spec(file).at("guarded") == true);
  CHECK(project.spec(file).at("reloads") == Json::array({"ssh.service"}));
  const Project wrong("      ssh: { options: { PORT: 5, Match: all } }\n");
  CHECK(wrong.mistakes() == Texts{"aegis.yaml:5:25 an option with a field of its own",
                                  "aegis.yaml:5:34 not an option for all"});
}

TEST_CASE("a window is a timer, and tasks that run one after the other under one lock") {
  const Project project(R"(
      maintenance:
        daily:
          schedule: "*-*-* 02:00"
          on_failure: [tell-ops@.service]
          tasks:
            - { name: vacuum, command: [vacuumdb, --all], user: postgres, timeout: 1h30m }
            - { name: look, command: "df -h" }
)");
  CHECK(project.mistakes() == Texts{});
  CHECK(
      project.text("host/a/unit/maintenance-daily-vacuum.service") ==
      "[Unit]\nDescription=Maintenance daily: vacuum\nOnFailure=tell-ops@%n.service\n\n[Service]\n"
      "Type=oneshot\nExecStartPre=+/usr/bin/touch /run/aegisctl-maintenance.lock\n"
      "ExecStart=\"/usr/bin/flock\" \"/run/aegisctl-maintenance.lock\" \"/usr/bin/timeout\" "
      "\"--kill-after=30s\" \"5400\" \"vacuumdb\" \"--all\"\n"
      "TimeoutStartSec=infinity\nUser=postgres\n");
  const std::string look = project.text("host/a/unit/maintenance-daily-look.service");
  CHECK(look.find("\nAfter=maintenance-daily-vacuum.service\n") != std::string::npos);
  CHECK(look.find("\"3600\" \"/bin/sh\" \"-c\" \"df -h\"\n") != std::string::npos);
  CHECK(project.text("host/a/unit/maintenance-daily.service") ==
        "[Unit]\nDescription=Maintenance daily\nWants=maintenance-daily-vacuum.service\n"
        "Wants=maintenance-daily-look.service\n\n[Service]\nType=oneshot\nExecStart=/bin/true\n");
  CHECK(project.text("host/a/unit/maintenance-daily.timer").find("Persistent=false") !=
        std::string::npos);
}

TEST_CASE("what is wrong with a window is told with its place") {
  const Project project(R"(
      maintenance:
        daily:
          schedule: nightly
          tasks:
            - { name: a, command: ["+x"] }
            - { name: a, command: ls }
)");
  CHECK(project.mistakes() == Texts{"aegis.yaml:8:21 not a calendar event",
                                    "aegis.yaml:10:35 not a program",
                                    "aegis.yaml:11:23 one task twice"});
}
