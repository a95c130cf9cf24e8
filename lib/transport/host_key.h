#pragma once

#include <libssh/libssh.h>

#include <string>
#include <string_view>

#include "base/result.h"

namespace aegis::transport {

/// The fingerprint of the host key that a connected session was shown, "SHA256:<base64>"; empty
/// when there is none.
std::string host_key_fingerprint(ssh_session session);

/// True when `pin` ("SHA256:<base64>", the prefix and padding optional) is that fingerprint.
bool matches_pin(std::string_view fingerprint, std::string_view pin);

/// Done when the known_hosts files of the session hold the key; otherwise `unauthorized`, with the
/// fingerprint and how to accept it. `target` is how a person would name the host to ssh.
Result<Done> verify_known_host(ssh_session session, const std::string& target);

/// The error for a pin that does not match.
Error wrong_pin(std::string_view target, std::string_view fingerprint, std::string_view pin);

}  // namespace aegis::transport
