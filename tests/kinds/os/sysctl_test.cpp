#include "kinds/os/sysctl.h"

#include <catch2/catch.hpp>

#include "kinds/os/os_rig.h"

using namespace aegis;
using namespace aegis::test;

namespace {

constexpr const char* k_settings =
    "      sysctl: { vm.swappiness: 10, net.ipv4.tcp_rmem: 4096 131072 6291456 }\n";

std::string kernel_and_file(const OsRig& rig) {
  return rig.root().sh("cat /proc/sys/vm/swappiness; sed 1d /etc/sysctl.d/90-aegisctl.conf");
}

}  // namespace

TEST_CASE("a setting of the kernel is set at once and after each start") {
  OsRig rig;
  rig.want(k_settings);
  const Plan plan = rig.plan();
  // What the kernel writes with tabs is the same; it is only the file that is missing.
  REQUIRE(plan.changes.size() == 2);
  CHECK(attribute(plan.changes.back(), "value").before == "60");
  rig.converge();
  CHECK(kernel_and_file(rig) ==
        "10\nnet.ipv4.tcp_rmem = 4096 131072 6291456\nvm.swappiness = 10\n");
}

TEST_CASE("a change by hand is drift, of the kernel as of the file") {
  OsRig rig;
  rig.want(k_settings);
  rig.converge();
  rig.root().sh("echo 33 > /proc/sys/vm/swappiness");
  CHECK(to_string(only_change(rig.plan()).address) == "host/a/sysctl/vm.swappiness");
  rig.converge();
  rig.root().sh("sed -i 's/= 10/= 33/' /etc/sysctl.d/90-aegisctl.conf");
  CHECK(to_string(only_change(rig.plan()).address) == "host/a/file/etc/sysctl.d/90-aegisctl.conf");
  rig.converge();
}

TEST_CASE("what the kernel does not know or take is told, and does not get into the file") {
  OsRig rig;
  rig.want("      sysctl: { vm.there_is_none: 1 }\n");
  const Report report = rig.run(rig.plan());
  CHECK(report.outcome != Outcome::succeeded);
  REQUIRE(report.results.size() == 2);
  CHECK(report.results.front().error->message.find("no setting vm.there_is_none") !=
        std::string::npos);
  CHECK(report.results.back().status == StepStatus::skipped);
}

TEST_CASE("the names of settings lead to the kernel's files and to nothing else") {
  CHECK(os::sysctl_path("net.ipv4.conf.eth0/100.forwarding") ==
        "/proc/sys/net/ipv4/conf/eth0.100/forwarding");
  CHECK(os::sysctl_value("4096\t131072  6291456\n") == "4096 131072 6291456");
}
