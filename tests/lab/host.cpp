#include "lab/host.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace aegis::test {
namespace {

// A systemd without a unit, that can only be looked at.
constexpr const char* k_systemctl = R"sh(#!/bin/sh
[ "$1" = show ] || { echo "the lab's host is not changed" >&2; exit 1; }
while [ "$1" != -- ]; do shift; done
shift
for unit; do
  printf 'Names=%s\nLoadState=not-found\nActiveState=inactive\nFragmentPath=\nUnitFileState=\n\n' "$unit"
done
)sh";

}  // namespace

Host::Host(simulator::SimulatorOptions options) : Project(std::move(options)) {
  std::filesystem::create_directory(scratch() + "/systemd");
  // Every script comes to the host on the standard input of `sh`.
  sshd_.install(
      "sh",
      fmt::format("#!/bin/sh\n"
                  "[ \"$#\" -eq 0 ] || exec /bin/sh \"$@\"\n"
                  "sed 's#/var/lib/aegisctl#{0}/host#g; s#/run/systemd/system#{0}/systemd#g' "
                  "| /bin/sh -s\n",
                  scratch()));
  sshd_.install("systemctl", k_systemctl);
}

void Host::put_engine_into_guests(const std::string& docker_socket) const {
  sshd_.install("pct",
                fmt::format("#!/bin/sh\n"
                            "[ \"$1\" = exec ] && [ \"$3\" = -- ] || exit 255\n"
                            "shift 3\n"
                            "DOCKER_HOST=unix://{} exec \"$@\"\n",
                            docker_socket));
}

std::string Host::server_lines() const {
  return ssh_line(sshd_.connection()) + proxmox_line();
}

std::string Host::journal() const {
  std::ostringstream text;
  const std::filesystem::path folder = scratch() + "/host/journal";
  if (!std::filesystem::exists(folder)) return "";
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    text << std::ifstream(entry.path()).rdbuf();
  return text.str();
}

}  // namespace aegis::test
