#include <catch2/catch.hpp>
#include <string>

#include "transport/ssh_fixture.h"
#include "transport/test_certificate.h"

namespace aegis::test {
namespace {

using Catch::Contains;
using transport::SystemDoors;
using transport::TransportOptions;

Result<ShellOutput> try_login(const SshConnection& ssh, const TransportOptions& options) {
  Server server;
  server.name = "fsn1";
  server.ssh = ssh;
  Connections connections;
  connections.servers.emplace("fsn1", server);
  SystemDoors doors(connections, options);
  return doors.shell().run(on_host({"true"}));
}

struct Keys {
  PrivateSshd sshd;
  TemporaryFolder folder;
  TransportOptions options = isolated_options();
  SshConnection ssh = sshd.connection();

  // Verifies by this file instead of a pin.
  void use_known_hosts(const std::string& text) {
    ssh.host_key.clear();
    options.known_hosts_file = folder.write("known_hosts", text);
  }
};

}  // namespace

TEST_CASE("a host key that known_hosts holds is accepted") {
  Keys keys;
  keys.use_known_hosts(keys.sshd.known_hosts_line());
  CHECK(try_login(keys.ssh, keys.options));
}

TEST_CASE("an unknown host key is refused, with its fingerprint and how to accept it") {
  Keys keys;
  keys.use_known_hosts("");
  const auto output = try_login(keys.ssh, keys.options);
  REQUIRE_FALSE(output);
  CHECK(output.error().code == ErrorCode::unauthorized);
  CHECK_THAT(output.error().message, Contains(keys.sshd.fingerprint()));
  CHECK_THAT(output.error().message, Contains("host_key"));
}

TEST_CASE("no known_hosts file at all is the same as an unknown host") {
  Keys keys;
  keys.use_known_hosts("");
  keys.options.known_hosts_file = (keys.folder.path() / "absent").string();
  CHECK(try_login(keys.ssh, keys.options).error().code == ErrorCode::unauthorized);
  CHECK_FALSE(std::filesystem::exists(keys.options.known_hosts_file));
}

TEST_CASE("a changed host key is refused as changed") {
  Keys keys;
  PrivateSshd other;
  std::string line = other.known_hosts_line();
  line.replace(line.find(std::to_string(other.port())),
               std::to_string(other.port()).size(),
               std::to_string(keys.sshd.port()));
  keys.use_known_hosts(line);
  const auto output = try_login(keys.ssh, keys.options);
  REQUIRE_FALSE(output);
  CHECK(output.error().code == ErrorCode::unauthorized);
  CHECK_THAT(output.error().message, Contains("changed"));
}

TEST_CASE("a pin decides alone: right is accepted, wrong is refused with both fingerprints") {
  Keys keys;
  keys.options.known_hosts_file = (keys.folder.path() / "absent").string();
  CHECK(try_login(keys.ssh, keys.options));
  keys.ssh.host_key = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  const auto output = try_login(keys.ssh, keys.options);
  REQUIRE_FALSE(output);
  CHECK(output.error().code == ErrorCode::unauthorized);
  CHECK_THAT(output.error().message,
             Contains(keys.sshd.fingerprint()) && Contains(keys.ssh.host_key));
}

TEST_CASE("a key that the host does not accept is unauthorized, and says what to check") {
  Keys keys;
  keys.ssh.identity_file = (keys.folder.path() / "wrong").string();
  make_ssh_key(keys.ssh.identity_file);
  const auto output = try_login(keys.ssh, keys.options);
  REQUIRE_FALSE(output);
  CHECK(output.error().code == ErrorCode::unauthorized);
  CHECK_THAT(output.error().message,
             Contains("authorized_keys") && Contains(keys.ssh.identity_file));
}

TEST_CASE("a key file that is not there is named") {
  Keys keys;
  keys.ssh.identity_file = (keys.folder.path() / "absent").string();
  const auto output = try_login(keys.ssh, keys.options);
  REQUIRE_FALSE(output);
  CHECK(output.error().code == ErrorCode::io);
  CHECK_THAT(output.error().message, Contains(keys.ssh.identity_file));
}

TEST_CASE("a host that nobody answers on is unreachable") {
  SshConnection ssh;
  {
    PrivateSshd gone;
    ssh = gone.connection();
  }
  ssh.identity_file.clear();
  const auto output = try_login(ssh, isolated_options());
  REQUIRE_FALSE(output);
  CHECK(output.error().code == ErrorCode::unreachable);
  CHECK_THAT(output.error().message, Contains(std::to_string(ssh.port)));
}

TEST_CASE("an SSH configuration file gives what the manifest leaves open") {
  Keys keys;
  keys.options.ssh_config_file = keys.folder.write(
      "config",
      "Host box\n  HostName 127.0.0.1\n  Port " + std::to_string(keys.sshd.port()) + "\n  User " +
          keys.ssh.user + "\n  IdentityFile " + keys.ssh.identity_file + "\n");
  SshConnection ssh;
  ssh.host = "box";
  ssh.host_key = keys.sshd.fingerprint();
  CHECK(try_login(ssh, keys.options));
}

TEST_CASE("the manifest's port overrides the configuration file's") {
  Keys keys;
  keys.options.ssh_config_file = keys.folder.write("config", "Host *\n  Port 1\n");
  CHECK(try_login(keys.ssh, keys.options));
}

}  // namespace aegis::test
