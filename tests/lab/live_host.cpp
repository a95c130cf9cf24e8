#include "lab/live_host.h"

#include <fmt/format.h>
#include <sched.h>
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "lab/program.h"
#include "support/private_sshd.h"
#include "support/source_folder.h"

namespace aegis::test {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds k_start_limit{60};
constexpr std::chrono::milliseconds k_poll{100};

constexpr std::string_view k_network = R"sh(set -e
ip link set lo up
ip link add lab0 type bridge
ip addr add 203.0.113.1/24 dev lab0
ip link set lab0 up
)sh";

// What both systems need: cgroups that systemd and dockerd may write, and devices that a dockerd
// inside may grant.
constexpr std::string_view k_container = R"(lxc.include = /usr/share/lxc/config/common.conf
lxc.include = /usr/share/lxc/config/nesting.conf
lxc.apparmor.profile = unconfined
lxc.mount.auto = cgroup:rw:force
lxc.cgroup.devices.allow = a
lxc.cgroup2.devices.allow = a
lxc.net.0.type = veth
lxc.net.0.flags = up
)";

constexpr std::string_view k_host = R"(lxc.uts.name = pve
lxc.rootfs.path = dir:{0}/root
lxc.net.0.link = lab0
lxc.net.0.ipv4.address = 203.0.113.15/24
lxc.net.0.ipv4.gateway = 203.0.113.1
lxc.mount.entry = {0}/lxc var/lib/lxc none bind,create=dir 0 0
lxc.mount.entry = {1} srv/tree none bind,ro,create=dir 0 0
)";

constexpr std::string_view k_guest = R"(lxc.uts.name = guest
lxc.rootfs.path = dir:/var/lib/lxc/103/root
lxc.net.0.link = vmbr1
lxc.net.0.ipv4.address = 192.0.2.103/24
lxc.net.0.ipv4.gateway = 192.0.2.1
lxc.mount.entry = /var/lib/lxc/103/docker var/lib/docker none bind,create=dir 0 0
)";

// Words: the folder, the tree, the name. LXC wants the /sys of its network, and the cgroups in it.
// There is no resolver that anything could wait for.
constexpr std::string_view k_boot = R"sh(set -e
mount --make-rprivate /
mkdir "$1/sys" "$1/upper" "$1/work" "$1/root"
mount -t sysfs none "$1/sys"
mount --rbind /sys/fs/cgroup "$1/sys/fs/cgroup"
mount --rbind "$1/sys" /sys
mount -t overlay overlay -o "lowerdir=$2,upperdir=$1/upper,workdir=$1/work" "$1/root"
install -m 755 "$1/pct" "$1/root/usr/sbin/pct"
printf '127.0.0.1 localhost pve guest\n' > "$1/root/etc/hosts"
: > "$1/root/etc/resolv.conf"
install -D -m 600 "$1/key.pub" "$1/root/root/.ssh/authorized_keys"
exec lxc-start -F -P "$1" -n "$3" -f "$1/config" -l INFO -o "$1/lxc.log"
)sh";

constexpr std::string_view k_pct = R"sh(#!/bin/sh
[ "$1" = exec ] && [ "$3" = -- ] || exit 255
vmid=$2
shift 3
lxc-info -n "$vmid" -s 2> /dev/null | grep -q RUNNING ||
  { echo "container '$vmid' not running!" >&2; exit 255; }
exec lxc-attach --keep-env -n "$vmid" -- "$@"
)sh";

constexpr std::string_view k_boot_guest = R"sh(set -e
ip link add vmbr1 type bridge
ip addr add 192.0.2.1/24 dev vmbr1
ip link set vmbr1 up
cd /var/lib/lxc/103
mkdir upper work root docker
mount -t overlay overlay -o lowerdir=/srv/tree,upperdir=upper,workdir=work root
cp /etc/hosts /etc/resolv.conf root/etc
lxc-start -n 103 -l INFO -o log || { cat log; exit 1; }
)sh";

// What LXC leaves of a container that was killed with containers in it.
constexpr std::string_view k_sweep = R"sh(
for top in /sys/fs/cgroup/*/lxc.*."$1" /sys/fs/cgroup/lxc.*."$1"; do
  [ ! -d "$top" ] || find "$top" -depth -type d -exec rmdir {} +
done
)sh";

std::string first_line(const ProgramEnd& end) {
  if (end.exit_status != 0) throw std::runtime_error(end.output);
  return end.output.substr(0, end.output.find('\n'));
}

void enter_network() {
  static const bool k_entered = [] {
    if (unshare(CLONE_NEWNET) != 0) throw std::runtime_error("a network of its own needs root");
    first_line(run_program({"sh", "-s"}, k_network));
    return true;
  }();
  static_cast<void>(k_entered);
}

std::string slurp(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// Until everything is started that is to be.
void wait_for(const std::vector<std::string>& is_system_running, const std::string& log) {
  const auto limit = std::chrono::steady_clock::now() + k_start_limit;
  for (std::string state; state != "running\n" && state != "degraded\n";) {
    state = run_program(is_system_running).output;
    if (std::chrono::steady_clock::now() > limit) {
      throw std::runtime_error("a system of the lab did not start: " + slurp(log));
    }
    std::this_thread::sleep_for(k_poll);
  }
}

// The Debian that the systems run; made when it is not there yet, from packages.
const std::string& root_tree() {
  static const std::string k_tree =
      first_line(run_program({(source_folder() / "tests" / "lab" / "tree").string()}));
  return k_tree;
}

// The process before it enters the network: threads of the simulator take it along. No packages can
// be fetched from there.
simulator::SimulatorOptions options_in_network() {
  root_tree();
  enter_network();
  simulator::SimulatorOptions options;
  options.node = "pve";
  return options;
}

}  // namespace

LiveHost::LiveHost(With with)
    : Project(options_in_network()), name_(fs::path(scratch()).filename()) {
  boot();
  if (with == With::guest) boot_guest();
}

LiveHost::~LiveHost() {
  run_program({"lxc-stop", "-P", scratch(), "-n", name_, "-k"});
  kill(monitor_, SIGKILL);
  waitpid(monitor_, nullptr, 0);
  run_program({"sh", "-s", name_}, k_sweep);
}

void LiveHost::boot() {
  const std::string& tree = root_tree();
  make_ssh_key(scratch() + "/key");
  const std::string& at = scratch();
  std::ofstream(at + "/pct") << k_pct;
  std::ofstream(at + "/config") << k_container << fmt::format(k_host, at, tree);
  fs::create_directories(at + "/lxc/103");
  std::ofstream(at + "/lxc/103/config") << k_container << k_guest;
  const std::string key = tree + "/etc/ssh/ssh_host_ed25519_key.pub";
  std::istringstream(run_program({"ssh-keygen", "-lf", key}).output) >> host_key_ >> host_key_;
  monitor_ = start_program(
      {"unshare", "-m", "sh", "-c", std::string(k_boot), "sh", at, tree, name_}, at + "/log");
  wait_for(attach({"systemctl", "is-system-running"}), at + "/log");
}

void LiveHost::boot_guest() const {
  sh(k_boot_guest);
  wait_for(attach_to_guest({"systemctl", "is-system-running"}), scratch() + "/lxc/103/log");
}

std::string LiveHost::server_lines() const {
  SshConnection ssh;
  ssh.host = "203.0.113.15";
  ssh.port = 22;
  ssh.user = "root";
  ssh.host_key = host_key_;
  ssh.identity_file = scratch() + "/key";
  return ssh_line(ssh) + proxmox_line();
}

std::string LiveHost::manifest(const std::string& os) const {
  return "servers:\n  lab:\n" + server_lines() + "    os:" + os +
         "containers:\n"
         "  guest:\n"
         "    server: lab\n"
         "    vmid: 103\n"
         "    template: local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst\n"
         "    rootfs: { storage: local-zfs, size: 8GiB }\n"
         "    os:" +
         os;
}

std::string LiveHost::sh(std::string_view script) const {
  const ProgramEnd end = run_program(attach({"sh", "-eu", "-s"}), script);
  INFO(script << "\n" << end.output);
  REQUIRE(end.exit_status == 0);
  return end.output;
}

std::string LiveHost::guest_sh(std::string_view script) const {
  const ProgramEnd end = run_program(attach_to_guest({"sh", "-eu", "-s"}), script);
  INFO(script << "\n" << end.output);
  REQUIRE(end.exit_status == 0);
  return end.output;
}

std::vector<std::string> LiveHost::attach(const std::vector<std::string>& words) const {
  std::vector<std::string> all{"lxc-attach", "-P", scratch(), "-n", name_, "--"};
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

std::vector<std::string> LiveHost::attach_to_guest(const std::vector<std::string>& words) const {
  std::vector<std::string> all = attach({"lxc-attach", "-n", "103", "--"});
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

}  // namespace aegis::test
