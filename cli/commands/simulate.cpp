#include <fmt/format.h>

#include "base/files.h"
#include "commands.h"
#include "interrupt.h"
#include "simulator/server.h"

namespace aegis {
namespace {

simulator::SimulatorOptions simulator_options(const Options& options) {
  simulator::SimulatorOptions wanted;
  wanted.port = static_cast<std::uint16_t>(options.port);
  wanted.node = options.node;
  wanted.other_nodes = options.other_nodes;
  wanted.state_folder = options.state;
  wanted.latency = options.latency;
  wanted.task_duration = options.task_time;
  return wanted;
}

// Credentials of a throw-away host, in a file that only its owner reads.
Result<Done> write_environment(const Options& options,
                               const simulator::Server& server,
                               const Secret& password) {
  if (options.env_file.empty()) return Done{};
  return write_private_file(options.env_file,
                            fmt::format("SIMULATOR_URL='{}'\nSIMULATOR_FINGERPRINT='{}'\n"
                                        "SIMULATOR_PASSWORD='{}'\nSIMULATOR_TOKEN='{}'\n",
                                        server.url(),
                                        server.fingerprint(),
                                        password.reveal(),
                                        server.token().reveal()));
}

}  // namespace

ExitCode run_simulate(const Options& options, Terminal& terminal) {
  const simulator::SimulatorOptions wanted = simulator_options(options);
  auto server = simulator::Server::start(wanted);
  if (!server) {
    terminal.complain(server.error().message);
    return exit_code(server.error());
  }
  (*server)->host().populate(
      {static_cast<std::size_t>(options.populate), 1000, true, {{"tags", "aegisctl"}}});
  const auto written = write_environment(options, **server, wanted.root_password);
  if (!written) {
    terminal.complain(written.error().message);
    return exit_code(written.error());
  }
  terminal.print(
      fmt::format("A simulated Proxmox VE 8.4 node \"{}\" listens. Manifests reach it with\n"
                  "  proxmox:\n"
                  "    node: {}\n"
                  "    url: {}\n"
                  "    user: root@pam\n"
                  "    password: simulator\n"
                  "    fingerprint: \"{}\"\n"
                  "Ctrl-C ends it.\n",
                  wanted.node,
                  wanted.node,
                  (*server)->url(),
                  (*server)->fingerprint()));
  finish_on_interrupt();
  wait_for_interrupt();
  return ExitCode::success;
}

}  // namespace aegis
