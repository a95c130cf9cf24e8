#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "effects/clock.h"
#include "effects/http.h"
#include "effects/shell.h"
#include "model/endpoint.h"

namespace aegis::transport {

/// What authenticates one request.
struct Credential {
  HttpHeaders headers;
  std::uint64_t ticket = 0;  ///< which ticket it is, 0 for a token
  bool fresh = false;        ///< the ticket was issued for this very request
};

/// Who we are to one Proxmox API: an API token; a user's ticket, from the password; or a ticket of
/// root@pam that the host itself issues over SSH. Tickets are renewed when they are older than an
/// hour. Thread-safe.
class ProxmoxSession {
 public:
  /// One exchange with the same API, without credentials.
  using RawSend = std::function<Result<HttpResponse>(const HttpRequest&)>;

  ProxmoxSession(const Server& server, RawSend send, RemoteShell& shell, const Clock& clock)
      : server_(server), send_(std::move(send)), shell_(shell), clock_(clock) {}

  /// What to send with `request`, logging in first when needed. `unauthorized` when there is no
  /// way to be who it needs, or when the login was refused; the login's own error when it could
  /// not be tried.
  Result<Credential> credential(const HttpRequest& request);

  /// True when a 401 to a request with `used` should be repeated with a new credential: its ticket
  /// may have expired. That ticket is given up then.
  bool give_up(const Credential& used);

 private:
  struct Ticket {
    std::string value;
    std::string csrf;
    TimePoint issued;
    std::uint64_t number = 0;
  };
  // The two tickets we may hold: of `proxmox.user`, and of root by the host.
  enum class Origin { password, host };

  Result<Origin> origin_for(bool as_root) const;
  Result<Credential> ticket_credential(Origin origin, bool is_write);
  Result<Ticket> renew(const Ticket& old, const std::string& user);
  Result<Ticket> issue(Origin origin);
  Result<Ticket> log_in(const std::string& user, const Secret& password);
  Result<Ticket> mint();
  [[nodiscard]] std::string user_of(Origin origin) const;

  const Server& server_;
  RawSend send_;
  RemoteShell& shell_;
  const Clock& clock_;
  std::mutex mutex_;  // held while logging in: all others wait for the same ticket
  std::optional<Ticket> tickets_[2];
  std::uint64_t issued_ = 0;
};

}  // namespace aegis::transport
