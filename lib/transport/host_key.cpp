#include "transport/host_key.h"

#include <fmt/format.h>

namespace aegis::transport {
namespace {

std::string_view bare(std::string_view fingerprint) {
  constexpr std::string_view k_prefix = "SHA256:";
  if (fingerprint.starts_with(k_prefix)) fingerprint.remove_prefix(k_prefix.size());
  while (fingerprint.ends_with('=')) fingerprint.remove_suffix(1);
  return fingerprint;
}

Error unknown_host(const std::string& target, const std::string& fingerprint) {
  return {ErrorCode::unauthorized,
          fmt::format("the host key of {0} is not known. It shows {1}. When that is its key (on "
                      "the host: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), pin it in the "
                      "manifest with host_key: \"{1}\", or accept it once with: ssh {0}",
                      target,
                      fingerprint)};
}

Error changed_host(const std::string& target, const std::string& fingerprint) {
  return {ErrorCode::unauthorized,
          fmt::format("the host key of {0} has changed: it shows {1}, and known_hosts holds "
                      "another. Somebody may be in between, or the host was installed anew. If "
                      "{1} is really its key, forget the old one with ssh-keygen -R and accept "
                      "it with: ssh {0}",
                      target,
                      fingerprint)};
}

}  // namespace

std::string host_key_fingerprint(ssh_session session) {
  ssh_key key = nullptr;
  if (ssh_get_server_publickey(session, &key) != SSH_OK) return {};
  unsigned char* hash = nullptr;
  std::size_t size = 0;
  std::string text;
  if (ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &size) == SSH_OK) {
    if (char* fingerprint = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, size)) {
      text = fingerprint;
      ssh_string_free_char(fingerprint);
    }
    ssh_clean_pubkey_hash(&hash);
  }
  ssh_key_free(key);
  return text;
}

bool matches_pin(std::string_view fingerprint, std::string_view pin) {
  return !fingerprint.empty() && bare(fingerprint) == bare(pin);
}

Result<Done> verify_known_host(ssh_session session, const std::string& target) {
  const std::string fingerprint = host_key_fingerprint(session);
  switch (ssh_session_is_known_server(session)) {
    case SSH_KNOWN_HOSTS_OK:
      return Done{};
    case SSH_KNOWN_HOSTS_CHANGED:
    case SSH_KNOWN_HOSTS_OTHER:
      return changed_host(target, fingerprint);
    case SSH_KNOWN_HOSTS_UNKNOWN:
    case SSH_KNOWN_HOSTS_NOT_FOUND:
      return unknown_host(target, fingerprint);
    case SSH_KNOWN_HOSTS_ERROR:
      break;
  }
  return Error{
      ErrorCode::unauthorized,
      fmt::format("the host key of {} cannot be checked: {}", target, ssh_get_error(session))};
}

Error wrong_pin(std::string_view target, std::string_view fingerprint, std::string_view pin) {
  return {ErrorCode::unauthorized,
          fmt::format("the host key of {} is {}, and the manifest pins {}. Somebody may be in "
                      "between, or the host was installed anew: compare with ssh-keygen -lf on "
                      "the host before changing host_key",
                      target,
                      fingerprint,
                      pin)};
}

}  // namespace aegis::transport
