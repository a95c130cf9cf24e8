#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "model/endpoint.h"
#include "transport/ssh_session.h"

namespace aegis::transport {

/// All SSH connections: one a host, and more only while that host's limit of programs a connection
/// (sshd's MaxSessions) is reached. A lost connection is replaced at the next use. Thread-safe.
class SshHosts {
 public:
  SshHosts(const TransportOptions& options, const Log& log) : options_(options), log_(log) {}

  /// Ends all jobs and closes all connections.
  ~SshHosts();

  /// Runs the job on a connection to that host, connecting first when there is none. Returns at
  /// once; the job tells how it ended.
  void start(const SshConnection& connection, const std::shared_ptr<ChannelJob>& job);

  /// Runs the job on a connection that is made for it, and on no other. It serves later jobs too.
  void start_anew(const SshConnection& connection, const std::shared_ptr<ChannelJob>& job);

  /// Makes cancelled jobs on that host end soon.
  void wake(const SshConnection& connection);

 private:
  struct Host {
    std::mutex mutex;
    std::vector<std::unique_ptr<SshSession>> sessions;
    bool closing = false;
    int programs_per_session = 8;  // below sshd's default of 10; learnt when a host allows fewer
  };

  Host& host_of(const SshConnection& connection);
  void place(Host& host, const SshConnection& connection, const std::shared_ptr<ChannelJob>& job);
  SshSession& session_for(Host& host, const SshConnection& connection, bool is_program);
  SshSession& add_session(Host& host, const SshConnection& connection);
  void move_elsewhere(Host& host,
                      const SshConnection& connection,
                      const std::shared_ptr<ChannelJob>& job,
                      int running);

  const TransportOptions& options_;
  const Log& log_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Host>> hosts_;
};

}  // namespace aegis::transport
