#include "transport/doors.h"

#include <csignal>

#include "transport/curl_http.h"
#include "transport/log.h"
#include "transport/ssh_hosts.h"
#include "transport/ssh_shell.h"
#include "transport/system_clock.h"

namespace aegis::transport {

// In the order of need: HTTP closes its tunnels before the connections under them end.
struct SystemDoors::Parts {
  Parts(const Connections& the_connections, const TransportOptions& the_options)
      : connections(the_connections),
        options(the_options),
        log(the_options.log),
        hosts(options, log),
        shell(connections, hosts, log),
        http(connections, options, hosts, shell, clock, log) {}

  Connections connections;
  TransportOptions options;
  Log log;
  SystemClock clock;
  SshHosts hosts;
  SshShell shell;
  CurlHttp http;
};

SystemDoors::SystemDoors(const Connections& connections, const TransportOptions& options) {
  std::signal(SIGPIPE, SIG_IGN);
  parts_ = std::make_unique<Parts>(connections, options);
}

SystemDoors::~SystemDoors() = default;

HttpTransport& SystemDoors::http() {
  return parts_->http;
}
RemoteShell& SystemDoors::shell() {
  return parts_->shell;
}
Clock& SystemDoors::clock() {
  return parts_->clock;
}

}  // namespace aegis::transport
