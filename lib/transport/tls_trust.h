#pragma once

#include <curl/curl.h>
#include <openssl/x509_vfy.h>

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aegis::transport {

/// Whom a TLS endpoint must prove to be: the holder of one pinned certificate, or of one that a
/// certificate authority has issued for its host name. There is no third way. Thread-safe; must
/// outlive the handles it is attached to.
class TlsTrust {
 public:
  /// With `fingerprint` (SHA-256, "AA:BB:...", any case) only that leaf certificate is accepted,
  /// whatever its name or age. With `ca_file` (PEM) its authorities are trusted, without both the
  /// system's. A `rejected` error for what is no fingerprint, `io` for a file that cannot be used.
  static Result<std::shared_ptr<TlsTrust>> make(const std::string& fingerprint,
                                                const std::string& ca_file);

  /// Makes a curl handle verify by these rules.
  void attach(CURL* easy);

  /// Why the last certificate that was refused was refused, with its fingerprint and what to do;
  /// empty when none was.
  [[nodiscard]] std::string refusal() const;

  /// The same for a certificate that is valid, but for other host names than `host`.
  [[nodiscard]] std::string wrong_name(std::string_view host) const;

 private:
  struct StoreCloser {
    void operator()(X509_STORE* store) const { X509_STORE_free(store); }
  };
  static CURLcode prepare_context(CURL* easy, void* context, void* self);
  static int verify(X509_STORE_CTX* chain, void* self);
  bool accept(X509_STORE_CTX* chain);

  std::string pin_;
  std::unique_ptr<X509_STORE, StoreCloser> store_;  // null with a pin
  mutable std::mutex mutex_;
  std::string shown_;    // fingerprint of the last leaf that was shown
  std::string refusal_;  // OpenSSL's words, or "pin"
};

/// The SHA-256 fingerprint, "AA:BB:...", of the first certificate in a PEM text; a `rejected` error
/// when it holds none.
Result<std::string> pem_fingerprint(const std::string& pem);

}  // namespace aegis::transport
