#include <fmt/format.h>

#include <filesystem>

#include "base/files.h"
#include "commands.h"

namespace aegis {
namespace {

constexpr std::string_view k_first_manifest =
    R"(# A first aegisctl project. `aegisctl explain` describes every field.
#
#   aegisctl validate     are the manifests right?
#   aegisctl plan         what would be changed?
#   aegisctl apply        change it

servers:
  pve1:
    # With root's SSH key nothing else is needed: the Proxmox API is reached through SSH.
    ssh: { host: 203.0.113.15, user: root }
    proxmox: { node: pve1 }

containers:
  web:
    server: pve1
    vmid: 101
    template: local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst
    cores: 2
    memory: 1GiB
    rootfs: { storage: local-zfs, size: 8GiB }
    network:
      eth0: { bridge: vmbr0, ip: 192.0.2.10/24, gw: 192.0.2.1 }
    onboot: true
)";

}  // namespace

ExitCode run_init(const Options& options, Terminal& terminal) {
  const std::filesystem::path folder =
      options.path.empty() ? options.directory : std::filesystem::path(options.path);
  const std::filesystem::path file = folder / "aegis.yaml";
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (std::filesystem::exists(file, problem)) {
    terminal.complain(fmt::format("{} exists already; it is left as it is.", file.string()));
    return ExitCode::refused;
  }
  const auto written = write_new_file(file, k_first_manifest);
  if (!written) {
    terminal.complain(written.error().message);
    return ExitCode::failure;
  }
  terminal.say(fmt::format("Wrote {}. Put your server's address in, then run `aegisctl validate`.",
                           file.string()));
  return ExitCode::success;
}

}  // namespace aegis
