#include "transport/tls_trust.h"

#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <array>

#include "base/text.h"

namespace aegis::transport {
namespace {

constexpr std::size_t k_digest_digits = 64;

std::string fingerprint_of(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  if (certificate == nullptr || X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) {
    return {};
  }
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    text += fmt::format("{}{:02X}", i == 0 ? "" : ":", digest[i]);
  }
  return text;
}

// The bare hex digits in lower case.
std::string digits_of(std::string_view fingerprint) {
  std::string digits;
  for (const char c : to_lower(fingerprint)) {
    if (c != ':' && c != ' ') digits += c;
  }
  return digits;
}

bool is_sha256(std::string_view digits) {
  return digits.size() == k_digest_digits &&
         digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

Result<std::shared_ptr<TlsTrust>> TlsTrust::make(const std::string& fingerprint,
                                                 const std::string& ca_file) {
  auto trust = std::make_shared<TlsTrust>();
  if (!fingerprint.empty()) {
    trust->pin_ = digits_of(fingerprint);
    if (is_sha256(trust->pin_)) return trust;
    return Error{
        ErrorCode::rejected,
        fmt::format("\"{}\" is no SHA-256 fingerprint (32 bytes, AA:BB:...)", fingerprint)};
  }
  trust->store_.reset(X509_STORE_new());
  X509_STORE* store = trust->store_.get();
  if (store == nullptr) return Error{ErrorCode::io, "no memory for certificates"};
  // One authority in the file is enough, even when it is not a root itself.
  X509_STORE_set_flags(store, X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN);
  const int loaded = ca_file.empty() ? X509_STORE_set_default_paths(store)
                                     : X509_STORE_load_file(store, ca_file.c_str());
  if (loaded == 1) return trust;
  return Error{ErrorCode::io,
               fmt::format("no certificate authority can be read from {}",
                           ca_file.empty() ? "the system's store" : ca_file)};
}

void TlsTrust::attach(CURL* easy) {
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, pin_.empty() ? 2L : 0L);
  // The store is ours and shared: reading the system's bundle for every connection costs more than
  // the handshake.
  curl_easy_setopt(easy, CURLOPT_CAINFO, nullptr);
  curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, &TlsTrust::prepare_context);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, this);
}

CURLcode TlsTrust::prepare_context(CURL* /*easy*/, void* context, void* self) {
  auto* trust = static_cast<TlsTrust*>(self);
  auto* ssl_context = static_cast<SSL_CTX*>(context);
  if (trust->store_) SSL_CTX_set1_cert_store(ssl_context, trust->store_.get());
  SSL_CTX_set_cert_verify_callback(ssl_context, &TlsTrust::verify, trust);
  return CURLE_OK;
}

int TlsTrust::verify(X509_STORE_CTX* chain, void* self) {
  return static_cast<TlsTrust*>(self)->accept(chain) ? 1 : 0;
}

bool TlsTrust::accept(X509_STORE_CTX* chain) {
  const std::string shown = fingerprint_of(X509_STORE_CTX_get0_cert(chain));
  bool accepted = false;
  std::string why;
  if (pin_.empty()) {
    accepted = X509_verify_cert(chain) == 1;
    if (!accepted) why = X509_verify_cert_error_string(X509_STORE_CTX_get_error(chain));
  } else {
    accepted = digits_of(shown) == pin_;
    if (!accepted) why = "pin";
    X509_STORE_CTX_set_error(chain, accepted ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
  }
  const std::lock_guard lock(mutex_);
  shown_ = shown;
  refusal_ = why;
  return accepted;
}

std::string TlsTrust::refusal() const {
  const std::lock_guard lock(mutex_);
  if (refusal_.empty()) return {};
  if (refusal_ == "pin") {
    return fmt::format(
        "its certificate has the SHA-256 fingerprint {}, and another one is "
        "pinned. It was renewed, or somebody is in between: compare with `pvenode "
        "cert info` on the host before changing fingerprint",
        shown_);
  }
  return fmt::format(
      "its certificate is not trusted: {}. Its SHA-256 fingerprint is {}. When "
      "`pvenode cert info` on the host shows the same, pin it with fingerprint: "
      "\"{}\", or name the authority that issued it with ca_file",
      refusal_,
      shown_,
      shown_);
}

std::string TlsTrust::wrong_name(std::string_view host) const {
  const std::lock_guard lock(mutex_);
  return fmt::format(
      "its certificate is not for {}. Use a name that it is for, or pin it with "
      "fingerprint: \"{}\" when `pvenode cert info` on the host shows the same",
      host,
      shown_);
}

Result<std::string> pem_fingerprint(const std::string& pem) {
  const std::unique_ptr<BIO, int (*)(BIO*)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  const std::unique_ptr<X509, void (*)(X509*)> certificate(
      bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr, &X509_free);
  if (!certificate) return Error{ErrorCode::rejected, "there is no certificate in it"};
  return fingerprint_of(certificate.get());
}

}  // namespace aegis::transport
