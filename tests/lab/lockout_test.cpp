#include <catch2/catch.hpp>
#include <chrono>

#include "lab/live_host.h"

namespace aegis::test {
namespace {

// A firewall and an address, as files that units of the server read.
constexpr const char* k_units = R"(
      units:
        lab-firewall.service:
          content: |
            [Service]
            Type=oneshot
            RemainAfterExit=yes
            ExecStart=/usr/sbin/nft -f /etc/lab.nft
          state: started
        lab-address.service:
          content: |
            [Service]
            Type=oneshot
            RemainAfterExit=yes
            EnvironmentFile=/etc/lab.address
            ExecStart=/bin/sh -c 'ip addr flush dev eth0; ip addr add $ADDRESS dev eth0'
          state: started
)";

constexpr std::chrono::minutes k_patience{5};  // the server's own is two

struct Wanted {
  std::string ssh = "{ max_auth_tries: 4 }";
  std::string rules = "";
  std::string address = "203.0.113.15/24";
  std::string motd = "one";
};

void want(const LiveHost& host, const Wanted& wanted) {
  host.write("aegis.yaml",
             "servers:\n  lab:\n" + host.server_lines() + "    os:\n      ssh: " + wanted.ssh +
                 "\n      files:\n"
                 "        /etc/lab.nft: { content: \"flush ruleset\\n" +
                 wanted.rules +
                 "\", validate: [nft, -c, -f, \"%s\"], restarts: [lab-firewall.service], guarded: "
                 "true }\n"
                 "        /etc/lab.address: { content: \"ADDRESS=" +
                 wanted.address +
                 "\\n\", restarts: [lab-address.service], guarded: true }\n"
                 "        /etc/motd: { content: " +
                 wanted.motd + " }\n" + k_units);
}

// All that a change could touch.
std::string state_of(const LiveHost& host) {
  return host.sh(
      "cat /etc/ssh/sshd_config.d/* /etc/lab.nft /etc/lab.address; nft list ruleset; ip addr show "
      "dev eth0 | grep 'inet '; sshd -T | sort; systemctl is-active ssh lab-firewall lab-address; "
      "find /var/lib/aegisctl/guard /var/lib/aegisctl/pending -type f; systemctl list-timers --all "
      "--no-legend 'aegisctl-*'");
}

void check_taken_back(const LiveHost& host, const Wanted& wanted) {
  const std::string before = state_of(host);
  want(host, wanted);
  const Run applied = host.start({"apply", "--auto-approve"})->wait(k_patience);
  INFO(applied.out << applied.err);
  CHECK(applied.exit_code == 8);
  CHECK(state_of(host) == before);
  // It can be reached, and what was not done is still to be done.
  const Run planned = host.run({"plan", "--detailed-exitcode"});
  INFO(planned.out << planned.err);
  CHECK(planned.exit_code == 2);
}

}  // namespace

TEST_CASE("what shuts us out of a real server is taken back, and the server can be reached") {
  const LiveHost host;
  want(host, {});
  const Run applied = host.run({"apply", "--auto-approve", "--adopt", "host/lab"});
  INFO(applied.out << applied.err);
  REQUIRE(applied.exit_code == 0);
  REQUIRE(host.run({"plan", "--detailed-exitcode"}).exit_code == 0);

  SECTION("sshd lets only somebody else in") {
    check_taken_back(host, {.ssh = "{ max_auth_tries: 4, allow_users: [nobody] }"});
  }
  SECTION("sshd does not know an option") {
    check_taken_back(host, {.ssh = "{ options: { PermitEverything: \"yes\" } }"});
  }
  SECTION("a firewall refuses new connections") {
    check_taken_back(host,
                     {.rules = "table inet lab { chain in { type filter hook input priority 0; "
                               "ct state new tcp dport 22 reject with tcp reset; }; }\\n"});
  }
  SECTION("a firewall does not load") {
    check_taken_back(host, {.rules = "table inet lab { chain in { drop everything; } }\\n"});
  }
  SECTION("the server has another address, and nothing that is open gets through") {
    check_taken_back(host, {.address = "203.0.113.99/24"});
  }
  SECTION("what lets us in stays") {
    want(host, {.ssh = "{ max_auth_tries: 5 }", .rules = "table inet lab { }\\n"});
    CHECK(host.run({"apply", "--auto-approve"}).exit_code == 0);
    CHECK(host.run({"plan", "--detailed-exitcode"}).exit_code == 0);
    CHECK(state_of(host).find("aegisctl-guard") == std::string::npos);
  }
}

}  // namespace aegis::test
