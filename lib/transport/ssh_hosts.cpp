#include "transport/ssh_hosts.h"

#include <fmt/format.h>

#include <algorithm>

namespace aegis::transport {
namespace {

constexpr std::size_t k_most_sessions = 16;
constexpr int k_most_moves = 3;

std::string identity(const SshConnection& c) {
  return fmt::format("{}\n{}\n{}\n{}\n{}", c.host, c.port, c.user, c.host_key, c.identity_file);
}

void refuse(ChannelJob& job, Error why) {
  job.finish({.failure = std::move(why), .exit_status = {}, .out = {}, .err = {}});
  job.bridge().reset();
}

}  // namespace

SshHosts::~SshHosts() {
  for (const auto& [name, host] : hosts_) {
    std::vector<std::unique_ptr<SshSession>> sessions;  // joined without the lock
    const std::lock_guard lock(host->mutex);
    host->closing = true;
    sessions.swap(host->sessions);
  }
}

SshHosts::Host& SshHosts::host_of(const SshConnection& connection) {
  const std::lock_guard lock(mutex_);
  std::unique_ptr<Host>& host = hosts_[identity(connection)];
  if (!host) host = std::make_unique<Host>();
  return *host;
}

void SshHosts::start(const SshConnection& connection, std::shared_ptr<ChannelJob> job) {
  Host& host = host_of(connection);
  std::vector<std::unique_ptr<SshSession>> dead;  // their threads are joined without the lock
  const std::lock_guard lock(host.mutex);
  for (auto& session : host.sessions) {
    if (!session->alive()) dead.push_back(std::move(session));
  }
  std::erase(host.sessions, nullptr);
  session_for(host, connection, job->is_program()).start(std::move(job));
}

SshSession& SshHosts::session_for(Host& host, const SshConnection& connection, bool is_program) {
  for (const auto& session : host.sessions) {
    if (!is_program || session->programs() < host.programs_per_session) return *session;
  }
  if (host.sessions.size() < k_most_sessions) {
    auto overflow = [this, &host, connection](std::shared_ptr<ChannelJob> job, int running) {
      move_elsewhere(host, connection, std::move(job), running);
    };
    host.sessions.push_back(
        std::make_unique<SshSession>(connection, options_, log_, std::move(overflow)));
    return *host.sessions.back();
  }
  return **std::min_element(
      host.sessions.begin(), host.sessions.end(), [](const auto& a, const auto& b) {
        return a->programs() < b->programs();
      });
}

// Runs on the thread of the session that was refused: must not end sessions, its own among them.
void SshHosts::move_elsewhere(Host& host,
                              const SshConnection& connection,
                              std::shared_ptr<ChannelJob> job,
                              int running) {
  if (++job->moves > k_most_moves) {
    return refuse(*job,
                  {ErrorCode::unreachable,
                   fmt::format("{} allows too few programs at a time", connection.host)});
  }
  const std::lock_guard lock(host.mutex);
  if (host.closing) return refuse(*job, {ErrorCode::interrupted, "the doors are being closed"});
  host.programs_per_session = std::clamp(running, 1, host.programs_per_session);
  session_for(host, connection, true).start(std::move(job));
}

void SshHosts::wake(const SshConnection& connection) {
  Host& host = host_of(connection);
  const std::lock_guard lock(host.mutex);
  for (const auto& session : host.sessions) session->wake();
}

}  // namespace aegis::transport
