#include "base/file_digest.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <system_error>

#include "base/digest.h"

namespace aegis {
namespace {

struct ContextEnd {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

Error unreadable(const std::filesystem::path& file) {
  return {ErrorCode::io,
          fmt::format("cannot read {}: {}", file.string(), std::generic_category().message(errno))};
}

}  // namespace

Result<std::string> file_digest(const std::filesystem::path& file, std::string_view algorithm) {
  const EVP_MD* type = EVP_get_digestbyname(std::string(algorithm).c_str());
  if (type == nullptr) {
    return Error{ErrorCode::rejected, fmt::format("there is no digest called {}", algorithm)};
  }
  const std::unique_ptr<EVP_MD_CTX, ContextEnd> context(EVP_MD_CTX_new());
  if (!context || EVP_DigestInit_ex(context.get(), type, nullptr) != 1) {
    throw std::runtime_error("OpenSSL could not compute a digest");
  }
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return unreadable(file);
  std::array<char, 1 << 16> piece{};
  while (stream) {
    stream.read(piece.data(), piece.size());
    EVP_DigestUpdate(context.get(), piece.data(), static_cast<std::size_t>(stream.gcount()));
  }
  if (stream.bad()) return unreadable(file);
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
  unsigned int size = 0;
  EVP_DigestFinal_ex(context.get(), sum.data(), &size);
  return to_hex({reinterpret_cast<const char*>(sum.data()), size});
}

}  // namespace aegis
