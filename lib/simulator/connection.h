#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "simulator/host.h"

namespace aegis::simulator {

/// Serves one accepted connection until it ends: TLS handshake, then request after request. Returns
/// at once; the work is done by whoever runs the socket's executor. `context` and `host` must
/// outlive it.
void serve_connection(boost::asio::ip::tcp::socket socket,
                      boost::asio::ssl::context& context,
                      Host& host);

}  // namespace aegis::simulator
