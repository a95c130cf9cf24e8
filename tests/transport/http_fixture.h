#pragma once

#include <string>

#include "transport/doors.h"
#include "transport/ssh_fixture.h"
#include "transport/test_server.h"

namespace aegis::test {

/// Server "fsn1" at an https url, with an API token and that server's certificate pinned.
inline Connections connections_to(const TestServer& server, const TestCertificate& certificate) {
  Server fsn1;
  fsn1.name = "fsn1";
  fsn1.proxmox.url = server.url();
  fsn1.proxmox.token_id = "root@pam!test";
  fsn1.proxmox.token_secret = Secret("0000-1111");
  fsn1.proxmox.fingerprint = certificate.fingerprint;
  Connections connections;
  connections.servers.emplace("fsn1", fsn1);
  return connections;
}

/// A request to its API.
inline HttpRequest to_api(const std::string& method, const std::string& path) {
  HttpRequest request;
  request.endpoint = "proxmox/fsn1";
  request.method = method;
  request.path = path;
  return request;
}

/// An HTTPS server with a certificate for 127.0.0.1, and doors that trust it.
struct Api {
  explicit Api(TestServer::Handler handler)
      : server(certificate, std::move(handler)),
        doors(connections_to(server, certificate), isolated_options()) {}

  Result<HttpResponse> send(const HttpRequest& request) { return doors.http().send(request); }
  Result<HttpResponse> get(const std::string& path) { return send(to_api("GET", path)); }

  TestCertificate certificate = make_certificate("IP:127.0.0.1");
  TestServer server;
  transport::SystemDoors doors;
};

}  // namespace aegis::test
