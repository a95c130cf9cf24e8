#include "relay/relay.h"

#include <mutex>

#include "base/files.h"
#include "commands.h"
#include "interrupt.h"
#include "relay/config.h"
#include "transport/doors.h"

namespace aegis {
namespace {

ExitCode fail(const Error& error, Terminal& terminal) {
  terminal.complain(error.message);
  return error.code == ErrorCode::rejected ? ExitCode::invalid : exit_code(error);
}

Connections connections_to(const relay::Config& config) {
  Connections connections;
  for (const auto& [name, channel] : config.channels) {
    for (const relay::Destination& destination : channel.destinations) {
      connections.sites[relay::endpoint_of(destination)] = destination.site;
    }
  }
  return connections;
}

}  // namespace

ExitCode run_relay(const Options& options, Terminal& terminal) {
  const auto text = read_file(options.config);
  if (!text) return fail(text.error(), terminal);
  const auto config = relay::read_config(*text);
  if (!config) return fail(config.error(), terminal);
  if (options.check) return ExitCode::success;
  if (options.queue.empty()) {
    return fail({ErrorCode::rejected, "--queue is needed: the folder for messages"}, terminal);
  }
  auto listener = options.listen.empty() ? relay::Listener::from_systemd()
                                         : relay::Listener::on(options.listen);
  if (!listener) return fail(listener.error(), terminal);
  transport::SystemDoors doors(connections_to(*config));
  std::mutex mutex;
  const auto log = [&](std::string_view line) {
    const std::lock_guard guard(mutex);
    terminal.say(line);
  };
  auto relay = relay::Relay::open(*config, options.queue, doors.http(), log);
  if (!relay) return fail(relay.error(), terminal);
  auto server = relay::HttpServer::start(
      std::move(*listener), [&](const relay::Call& call) { return (*relay)->answer(call); });
  if (!server) return fail(server.error(), terminal);
  finish_on_interrupt();
  wait_for_interrupt();
  return ExitCode::success;
}

}  // namespace aegis
