#include "transport/ssh_login.h"

#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "transport/host_key.h"

namespace aegis::transport {
namespace {

// A pin is of one key, and a host has several: which one it shows depends on what we ask for.
const std::vector<std::string> k_key_families{
    "",
    "ssh-ed25519",
    "ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521",
    "rsa-sha2-512,rsa-sha2-256"};

std::string option_text(ssh_session session, ssh_options_e option) {
  char* value = nullptr;
  if (ssh_options_get(session, option, &value) != SSH_OK || value == nullptr) return {};
  std::string text = value;
  ssh_string_free_char(value);
  return text;
}

unsigned int port_of(ssh_session session) {
  unsigned int port = 22;
  ssh_options_get_port(session, &port);
  return port;
}

// As one would type it after "ssh".
std::string target_of(ssh_session session, const SshConnection& connection) {
  const std::string user = option_text(session, SSH_OPTIONS_USER);
  const unsigned int port = port_of(session);
  return fmt::format("{}{}{}",
                     port == 22 ? "" : fmt::format("-p {} ", port),
                     user.empty() ? "" : user + "@",
                     connection.host);
}

Result<Done> read_config(ssh_session session, const std::string& file) {
  const bool own_reading = false;  // of the configuration by the library, during connect
  ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &own_reading);
  if (file == "none") return Done{};
  if (ssh_options_parse_config(session, file.empty() ? nullptr : file.c_str()) == SSH_OK) {
    return Done{};
  }
  return Error{ErrorCode::rejected,
               fmt::format("the SSH configuration {} cannot be used: {}",
                           file.empty() ? "~/.ssh/config" : file,
                           ssh_get_error(session))};
}

// The manifest overrides the files, so it is set after they are read.
void apply_connection(ssh_session session,
                      const SshConnection& connection,
                      const TransportOptions& options) {
  if (connection.port != 0) ssh_options_set(session, SSH_OPTIONS_PORT, &connection.port);
  if (!connection.user.empty()) ssh_options_set(session, SSH_OPTIONS_USER, connection.user.c_str());
  if (!options.known_hosts_file.empty()) {
    ssh_options_set(session, SSH_OPTIONS_KNOWNHOSTS, options.known_hosts_file.c_str());
  }
  if (!options.use_ssh_agent) ssh_options_set(session, SSH_OPTIONS_IDENTITY_AGENT, "/dev/null");
  const auto timeout = static_cast<long>((options.connect_timeout.count() + 999) / 1000);
  ssh_options_set(session, SSH_OPTIONS_TIMEOUT, &timeout);
}

Result<SshHandle> configure(const SshConnection& connection,
                            const TransportOptions& options,
                            const std::string& key_family) {
  SshHandle session(ssh_new());
  if (!session) return Error{ErrorCode::io, "no memory for an SSH connection"};
  if (connection.host.empty()) return Error{ErrorCode::rejected, "the SSH connection has no host"};
  if (ssh_options_set(session.get(), SSH_OPTIONS_HOST, connection.host.c_str()) != SSH_OK) {
    return Error{ErrorCode::rejected, fmt::format("\"{}\" is no host name", connection.host)};
  }
  const Result<Done> read = read_config(session.get(), options.ssh_config_file);
  if (!read) return read.error();
  apply_connection(session.get(), connection, options);
  if (!key_family.empty()) {
    ssh_options_set(session.get(), SSH_OPTIONS_HOSTKEYS, key_family.c_str());
  }
  return session;
}

Result<SshHandle> connect(const SshConnection& connection,
                          const TransportOptions& options,
                          const std::string& key_family) {
  Result<SshHandle> session = configure(connection, options, key_family);
  if (!session) return session;
  if (ssh_connect(session->get()) == SSH_OK) return session;
  return Error{ErrorCode::unreachable,
               fmt::format("no SSH connection to {} port {}: {}",
                           option_text(session->get(), SSH_OPTIONS_HOST),
                           port_of(session->get()),
                           ssh_get_error(session->get()))};
}

Result<SshHandle> connect_pinned(const SshConnection& connection, const TransportOptions& options) {
  std::optional<Error> first;
  for (const std::string& family : k_key_families) {
    Result<SshHandle> session = connect(connection, options, family);
    if (!session) {
      if (!first) return session;
      continue;  // the host has no key of this family
    }
    const std::string fingerprint = host_key_fingerprint(session->get());
    if (matches_pin(fingerprint, connection.host_key)) return session;
    if (!first) {
      first = wrong_pin(target_of(session->get(), connection), fingerprint, connection.host_key);
    }
  }
  return *first;
}

Result<SshHandle> connect_verified(const SshConnection& connection,
                                   const TransportOptions& options) {
  if (!connection.host_key.empty()) return connect_pinned(connection, options);
  Result<SshHandle> session = connect(connection, options, "");
  if (!session) return session;
  const Result<Done> known =
      verify_known_host(session->get(), target_of(session->get(), connection));
  if (!known) return known.error();
  return session;
}

std::string expand_home(const std::string& path) {
  const char* home = std::getenv("HOME");
  if (!path.starts_with("~/") || home == nullptr) return path;
  return home + path.substr(1);
}

// The named key before anything else, so that an agent full of others cannot use up the attempts.
Result<bool> try_identity(ssh_session session, const std::string& file) {
  ssh_key key = nullptr;
  const int read =
      ssh_pki_import_privkey_file(expand_home(file).c_str(), nullptr, nullptr, nullptr, &key);
  if (read == SSH_EOF) {
    return Error{ErrorCode::io, fmt::format("the SSH key {} cannot be read", file)};
  }
  if (read != SSH_OK) return false;  // encrypted: the agent may hold it
  const int code = ssh_userauth_publickey(session, nullptr, key);
  ssh_key_free(key);
  return code == SSH_AUTH_SUCCESS;
}

Result<Done> authenticate(ssh_session session, const SshConnection& connection) {
  if (ssh_userauth_none(session, nullptr) == SSH_AUTH_SUCCESS) return Done{};
  if (!connection.identity_file.empty()) {
    const Result<bool> accepted = try_identity(session, connection.identity_file);
    if (!accepted) return accepted.error();
    if (*accepted) return Done{};
  }
  const int code = ssh_userauth_publickey_auto(session, nullptr, nullptr);
  if (code == SSH_AUTH_SUCCESS) return Done{};
  return Error{
      ErrorCode::unauthorized,
      fmt::format("{} accepted none of our keys (SSH agent, {}). Add the public key to its "
                  "authorized_keys, name the right one with identity_file:, and load a key that "
                  "has a passphrase into the agent",
                  target_of(session, connection),
                  connection.identity_file.empty() ? "the default identity files"
                                                   : connection.identity_file)};
}

}  // namespace

void SshCloser::operator()(ssh_session session) const {
  ssh_disconnect(session);
  ssh_free(session);
}

Result<SshHandle> open_ssh(const SshConnection& connection, const TransportOptions& options) {
  Result<SshHandle> session = connect_verified(connection, options);
  if (!session) return session;
  const Result<Done> accepted = authenticate(session->get(), connection);
  if (!accepted) return accepted.error();
  return session;
}

}  // namespace aegis::transport
