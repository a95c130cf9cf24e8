#pragma once

#include <string>

#include "base/result.h"

namespace aegis::simulator {

/// A key and a certificate that it signs itself, for 127.0.0.1 and localhost.
struct Certificate {
  std::string key_pem;
  std::string certificate_pem;
  std::string fingerprint;  ///< SHA-256 of the certificate, "AA:BB:..."
};

/// A fresh pair (P-256, valid for a year from a day ago). An `io` error with OpenSSL's words when
/// it cannot be made.
Result<Certificate> make_certificate();

}  // namespace aegis::simulator
