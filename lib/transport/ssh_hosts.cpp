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
  job.finish({.failure = std::move(why)});
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

void SshHosts::start(const SshConnection& connection, const std::shared_ptr<ChannelJob>& job) {
  Host& host = host_of(connection);
  std::vector<std::unique_ptr<SshSession>> dead;  // their threads are joined without the lock
  const std::lock_guard lock(host.mutex);
  for (auto& session : host.sessions) {
    if (!session->alive()) dead.push_back(std::move(session));
  }
  std::erase(host.sessions, nullptr);
  place(host, connection, job);
}

void SshHosts::start_anew(const SshConnection& connection, const std::shared_ptr<ChannelJob>& job) {
  Host& host = host_of(connection);
  const std::lock_guard lock(host.mutex);
  job->moves = k_most_moves;
  if (add_session(host, connection).start(job)) return;
  refuse(*job, {ErrorCode::unreachable, fmt::format("{} drops a new connection", connection.host)});
}

// Ends: a session that has turned out to be lost is not chosen again.
void SshHosts::place(Host& host,
                     const SshConnection& connection,
                     const std::shared_ptr<ChannelJob>& job) {
  while (!session_for(host, connection, job->is_program()).start(job)) {
  }
}

SshSession& SshHosts::session_for(Host& host, const SshConnection& connection, bool is_program) {
  std::size_t alive = 0;
  SshSession* idlest = nullptr;
  for (const auto& session : host.sessions) {
    if (!session->alive()) continue;
    ++alive;
    if (idlest == nullptr || session->programs() < idlest->programs()) idlest = session.get();
  }
  const bool has_room =
      idlest != nullptr && (!is_program || idlest->programs() < host.programs_per_session);
  if (has_room || alive >= k_most_sessions) return *idlest;
  return add_session(host, connection);
}

SshSession& SshHosts::add_session(Host& host, const SshConnection& connection) {
  auto overflow = [this, &host, connection](std::shared_ptr<ChannelJob> job, int running) {
    move_elsewhere(host, connection, std::move(job), running);
  };
  host.sessions.push_back(
      std::make_unique<SshSession>(connection, options_, log_, std::move(overflow)));
  return *host.sessions.back();
}

// Runs on the thread of the session that was refused: must not end sessions, its own among them.
void SshHosts::move_elsewhere(Host& host,
                              const SshConnection& connection,
                              const std::shared_ptr<ChannelJob>& job,
                              int running) {
  if (++job->moves > k_most_moves) {
    return refuse(*job,
                  {ErrorCode::unreachable,
                   fmt::format("{} refuses or drops what we ask it to run", connection.host)});
  }
  const std::lock_guard lock(host.mutex);
  if (host.closing) return refuse(*job, {ErrorCode::interrupted, "the doors are being closed"});
  if (running > 0) host.programs_per_session = std::min(running, host.programs_per_session);
  place(host, connection, job);
}

void SshHosts::wake(const SshConnection& connection) {
  Host& host = host_of(connection);
  const std::lock_guard lock(host.mutex);
  for (const auto& session : host.sessions) session->wake();
}

}  // namespace aegis::transport
