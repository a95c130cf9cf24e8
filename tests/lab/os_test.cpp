#include <sys/wait.h>

#include <array>
#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <thread>

#include "base/json.h"
#include "lab/live_host.h"
#include "support/private_repository.h"

namespace aegis::test {
namespace {

constexpr const char* k_os = R"(
      packages: { aegis-tool: present, aegis-old: absent, sudo: held }
      groups: { crew: { gid: 4321 } }
      users:
        agent:
          uid: 1000
          groups: [crew]
          authorized_keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHVzb2KqzkCPoSgSdZYVEEhCTwGtrzYGXfEFVN4Hyhmm ops"]
          sudo: "ALL=(ALL) NOPASSWD: /usr/bin/systemctl"
      directories:
        /srv/web: { owner: agent, group: crew, mode: "0750" }
      files:
        /srv/web/greeting: { content: "hello\n", owner: agent, restarts: [web.service] }
        /etc/checked: { content: "well\n", validate: [grep, -q, well, "%s"] }
      units:
        web.service:
          content: |
            [Service]
            ExecStart=/bin/sh -c 'cp /srv/web/greeting /run/greeting; exec sleep infinity'
            [Install]
            WantedBy=multi-user.target
          enabled: true
          state: started
        fail2ban.service: { enabled: true, state: started }
      jobs:
        sweep: { schedule: "*-*-* 03:30", command: [touch, /run/swept], timeout: 1m }
      maintenance:
        weekly:
          schedule: Sun 04:00
          tasks: [{ name: first, command: [touch, /run/first] }, { name: second, command: "test -e /run/first && touch /run/second" }]
      fail2ban:
        sshd: { maxretry: 3, bantime: 1h, backend: systemd }
      logrotate:
        web: { files: ["/srv/web/*.log"], every: daily, keep: 7, su: agent crew }
      sysctl: { net.ipv4.ip_forward: 1, net.ipv4.tcp_rmem: 4096 131072 6291456 }
      ssh: { password_authentication: false, permit_root_login: prohibit-password, max_auth_tries: 4 }
)";

// A repository, and a package that is there and is to go.
constexpr const char* k_prepare = R"sh(
build_tree() { mkdir -p b/usr/bin; printf '#!/bin/sh\necho tool\n' > "b/usr/bin/$1"; chmod 755 "b/usr/bin/$1"; }
build_tree aegis-tool; build aegis-tool 1.2-1
build_tree aegis-old; build aegis-old 1
apt-get update -qq 2>&1
apt-get install -y -qq aegis-old > /dev/null 2>&1
)sh";

struct ByHand {
  const char* script;
  const char* address;    ///< what drift names
  const char* attribute;  ///< and what of it; "create" when all of it is gone
};

// Changes of one round do not get in each other's way.
const std::vector<std::vector<ByHand>> k_rounds{
    {{"apt-get remove -y -qq aegis-tool > /dev/null 2>&1", "package/aegis-tool", "create"},
     {"apt-mark unhold sudo > /dev/null", "package/sudo", "state"},
     {"usermod -s /bin/sh agent", "os-user/agent", "shell"},
     {"sed -i /AAAA/d /home/agent/.ssh/authorized_keys", "os-user/agent", "authorized_keys"},
     {"chmod 755 /srv/web", "directory/srv/web", "mode"},
     {"echo other > /srv/web/greeting", "file/srv/web/greeting", "content"},
     {"rm /etc/checked", "file/etc/checked", "create"},
     {"systemctl stop job-sweep.timer", "unit/job-sweep.timer", "state"},
     {"sed -i s/Sun/Mon/ /etc/systemd/system/maintenance-weekly.timer",
      "unit/maintenance-weekly.timer",
      "content"},
     {"echo >> /etc/logrotate.d/web", "file/etc/logrotate.d/web", "content"},
     {"sysctl -qw net.ipv4.ip_forward=0", "sysctl/net.ipv4.ip_forward", "value"},
     {"echo >> /etc/ssh/sshd_config.d/00-aegisctl.conf",
      "file/etc/ssh/sshd_config.d/00-aegisctl.conf",
      "content"}},
    {{"groupmod -g 4400 crew", "os-group/crew", "gid"},
     {"", "directory/srv/web", "group"},  // which the number has none of any more
     {"usermod -G '' agent", "os-user/agent", "groups"},
     {"rm /etc/sudoers.d/*agent*", "os-user/agent", "sudo"},
     {"chown root /srv/web/greeting", "file/srv/web/greeting", "owner"},
     {"systemctl disable --now web.service 2> /dev/null", "unit/web.service", "state"},
     {"", "unit/web.service", "enabled"},
     {"sed -i s/1h/2h/ /etc/fail2ban/jail.d/aegisctl-sshd.local",
      "file/etc/fail2ban/jail.d/aegisctl-sshd.local",
      "content"}}};

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

constexpr int k_steps_between_kills = 7;
constexpr std::chrono::milliseconds k_poll{5};

// Of the run that was started last.
int steps_done(const LiveHost& host) {
  std::ifstream progress(host.scratch() + "/stderr");
  int done = 0;
  for (std::string line; std::getline(progress, line);) {
    if (mentions(line, " done (")) ++done;
  }
  return done;
}

using Shell = std::function<std::string(std::string_view)>;

struct Effect {
  const char* script;
  const char* part;  ///< of what it prints
};

// What is declared is so, as the system itself says.
constexpr std::array k_effects{
    Effect{"aegis-tool", "tool"},
    Effect{"dpkg-query -W -f '${db:Status-Status}' aegis-old 2> /dev/null || echo gone", "gone"},
    Effect{"apt-mark showhold", "sudo"},
    Effect{"id -nG agent", "agent crew"},
    Effect{"sudo -l -U agent", "NOPASSWD: /usr/bin/systemctl"},
    Effect{"stat -c '%U:%G %a' /srv/web", "agent:crew 750"},
    Effect{"cat /run/greeting", "hello"},
    Effect{"systemctl is-enabled web.service", "enabled"},
    Effect{"systemctl is-active web.service job-sweep.timer fail2ban.service",
           "active\nactive\nactive"},
    Effect{"systemctl list-timers --all --no-pager", "maintenance-weekly.timer"},
    Effect{"fail2ban-client get sshd bantime", "3600"},
    Effect{"logrotate -d /etc/logrotate.d/web 2>&1", "/srv/web/*.log"},
    Effect{"cat /proc/sys/net/ipv4/ip_forward", "1"},
    Effect{"sshd -T", "maxauthtries 4"},
};

void check_effects(const Shell& sh) {
  for (const Effect& effect : k_effects) {
    const std::string words = sh(effect.script);
    INFO(effect.script << ": " << words);
    CHECK(mentions(words, effect.part));
  }
}

// All that a plan changes, as "ADDRESS ATTRIBUTE" or "ADDRESS create".
std::set<std::string> differences(const LiveHost& host) {
  const Run planned = host.run({"plan", "--json"});
  INFO(planned.err);
  REQUIRE(planned.exit_code == 0);
  std::set<std::string> all;
  const Json plan = parse_json(planned.out).value();
  for (const Json& change : get(plan, "changes")) {
    const std::string address = text_or(change, "address");
    if (text_or(change, "action") == "create") {
      all.insert(address + " create");
      continue;
    }
    for (const Json& attribute : get(change, "attributes")) {
      all.insert(address + " " + text_or(attribute, "path"));
    }
  }
  return all;
}

void apply(const LiveHost& host) {
  const Run applied = host.run({"apply", "--auto-approve"});
  INFO(applied.out << applied.err);
  REQUIRE(applied.exit_code == 0);
}

// Starts a run, and kills it when it has done so many steps. False when it came to its end, well.
bool kill_within(const LiveHost& host, int steps) {
  const auto run =
      host.start({"apply", "--auto-approve", "--adopt", "host/lab", "--adopt", "guest/guest"});
  siginfo_t end{};
  while (waitid(P_PID, run->pid(), &end, WEXITED | WNOHANG | WNOWAIT) == 0 && end.si_pid == 0) {
    if (steps_done(host) >= steps) {
      run->signal(SIGKILL);
      run->wait();
      return true;
    }
    std::this_thread::sleep_for(k_poll);
  }
  const Run whole = run->wait();
  INFO(whole.out << whole.err);
  REQUIRE(whole.exit_code == 0);
  return false;
}

// A server with a container, and the shells to look at both by hand.
struct Lab {
  LiveHost host{LiveHost::With::guest};
  std::map<std::string, Shell> systems{
      {"host/lab", [this](std::string_view script) { return host.sh(script); }},
      {"guest/guest", [this](std::string_view script) { return host.guest_sh(script); }}};

  Lab() {
    for (const auto& [scope, sh] : systems) sh(std::string(k_private_repository) + k_prepare);
    host.write("aegis.yaml", host.manifest(k_os));
  }

  void check_all_effects() const {
    for (const auto& [scope, sh] : systems) {
      INFO(scope);
      check_effects(sh);
    }
  }
};

// Makes the changes of a round on both systems; all of them are seen, and mended.
void mend(const Lab& lab, const std::vector<ByHand>& round) {
  std::set<std::string> changed;
  for (const auto& [scope, sh] : lab.systems) {
    for (const ByHand& change : round) {
      sh(change.script);
      changed.insert(scope + "/" + change.address + " " + change.attribute);
    }
  }
  CHECK(lab.host.run({"drift"}).exit_code == 2);
  CHECK(differences(lab.host) == changed);
  apply(lab.host);
  CHECK(differences(lab.host) == std::set<std::string>{});
}

}  // namespace

TEST_CASE(
    "runs that are killed again and again make every kind, which is then watched and mended") {
  const Lab lab;
  int killed = 0;
  while (kill_within(lab.host, k_steps_between_kills)) {
    ++killed;
    CHECK(lab.host.run({"unlock", "--force"}).exit_code == 0);
  }
  CHECK(killed >= 5);
  lab.check_all_effects();
  CHECK(lab.host.sh("find /var/lib/aegisctl/pending /var/lib/aegisctl/guard -type f") == "");
  CHECK(differences(lab.host) == std::set<std::string>{});
  for (const std::vector<ByHand>& round : k_rounds) mend(lab, round);
  lab.check_all_effects();
}

}  // namespace aegis::test
