#pragma once

#include <libssh/libssh.h>

#include <memory>

#include "base/result.h"
#include "model/endpoint.h"
#include "transport/options.h"

namespace aegis::transport {

/// Disconnects and frees.
struct SshCloser {
  void operator()(ssh_session session) const;
};

using SshHandle = std::unique_ptr<ssh_session_struct, SshCloser>;

/// A connection whose host key is verified and on which we are logged in, in blocking mode. Fails
/// as `unreachable` (no connection), `unauthorized` (host key, or no key of ours accepted),
/// `rejected` (the configuration makes no sense) or `io` (a file cannot be read).
Result<SshHandle> open_ssh(const SshConnection& connection, const TransportOptions& options);

}  // namespace aegis::transport
