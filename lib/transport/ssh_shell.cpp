#include "transport/ssh_shell.h"

#include <fmt/format.h>

#include "base/shell_words.h"
#include "base/text.h"
#include "base/units.h"

namespace aegis::transport {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

Result<ShellPlace> place_of(const std::string& shell) {
  const std::vector<std::string> pieces = split(shell, '/');
  if (pieces.size() == 2 && pieces[0] == "host") return ShellPlace{pieces[1], {}};
  if (pieces.size() == 3 && pieces[0] == "host" && pieces[2] == "new") {
    return ShellPlace{pieces[1], {}, true};
  }
  if (pieces.size() == 3 && pieces[0] == "guest" && is_number(pieces[2])) {
    return ShellPlace{pieces[1], {"pct", "exec", pieces[2], "--"}};
  }
  return Error{ErrorCode::rejected, fmt::format("there is no shell called \"{}\"", shell)};
}

Result<SshConnection> ssh_of(const Connections& connections, std::string_view server_name) {
  const auto found = connections.servers.find(server_name);
  if (found == connections.servers.end()) {
    return Error{ErrorCode::rejected, fmt::format("there is no server \"{}\"", server_name)};
  }
  if (found->second.ssh) return *found->second.ssh;
  return Error{ErrorCode::rejected,
               fmt::format("the server \"{0}\" has no SSH connection: add ssh: {{ host: ... }} to "
                           "servers.{0}",
                           server_name)};
}

Result<ShellOutput> SshShell::run(const ShellCommand& command) {
  const Result<ShellPlace> place = place_of(command.host);
  if (!place) return place.error();
  const Result<SshConnection> connection = ssh_of(connections_, place->server);
  if (!connection) return connection.error();
  if (command.words.empty()) return Error{ErrorCode::rejected, "a command needs a word"};
  std::vector<std::string> words = place->prefix;
  words.insert(words.end(), command.words.begin(), command.words.end());
  const Result<std::string> line = command_line(words);
  if (!line) return line.error();
  return execute(*connection, place->is_new, *line, command).in_context(command.host);
}

Result<ShellOutput> SshShell::execute(const SshConnection& connection,
                                      bool is_new,
                                      const std::string& line,
                                      const ShellCommand& command) {
  const auto begin = std::chrono::steady_clock::now();
  auto job = std::make_shared<ChannelJob>(ExecTarget{line}, command.input);
  if (is_new) {
    hosts_.start_anew(connection, job);
  } else {
    hosts_.start(connection, job);
  }
  std::optional<ChannelEnd> end = job->wait_until(begin + command.timeout);
  if (!end) {
    job->cancel();
    hosts_.wake(connection);
    return Error{ErrorCode::timed_out,
                 fmt::format("{} did not end within {}, and may still run",
                             command.words.front(),
                             format_duration(command.timeout))};
  }
  if (end->failure) return *end->failure;
  if (log_.wanted()) {
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
    log_.write(fmt::format("{} {} -> {} in {} ms",
                           command.host,
                           command.words.front(),
                           *end->exit_status,
                           took.count()));
  }
  return ShellOutput{*end->exit_status, std::move(end->out), std::move(end->err)};
}

}  // namespace aegis::transport
