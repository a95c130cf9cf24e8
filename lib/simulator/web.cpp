#include "simulator/web.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "base/digest.h"

namespace aegis::simulator {
namespace {

constexpr std::array<std::string_view, 6> k_algorithms{
    "md5", "sha1", "sha224", "sha256", "sha384", "sha512"};

// "https://host" of "https://host/path".
std::string_view origin_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  return url.substr(0, url.find_first_of("/?", scheme + 3));
}

std::string_view server_of(std::string_view url) {
  const std::string_view origin = origin_of(url);
  const std::string_view authority = origin.substr(origin.find("://") + 3);
  return authority.substr(0, authority.find(':'));
}

}  // namespace

WebAnswer fetch(const World& world, std::string_view url) {
  if (!world.answers(server_of(url))) return {};
  const auto& files = world.options.web_files;
  const auto file = files.find(std::string(url));
  if (file != files.end()) return {200, file->second};
  const bool is_listed = std::any_of(files.begin(), files.end(), [&](const auto& entry) {
    return origin_of(entry.first) == origin_of(url);
  });
  return is_listed ? WebAnswer{404, {}} : WebAnswer{200, std::string(url)};
}

std::string file_name_of(std::string_view url) {
  const std::string_view path = url.substr(0, url.find_first_of("?#"));
  return std::string(path.substr(path.rfind('/') + 1));
}

std::string checksum_of(std::string_view algorithm, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const EVP_MD* type = EVP_get_digestbyname(std::string(algorithm).c_str());
  if (type == nullptr) return {};
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, type, nullptr);
  return to_hex({reinterpret_cast<const char*>(digest.data()), size});
}

std::map<std::string, std::string, std::less<>> checksums_of(std::string_view bytes) {
  std::map<std::string, std::string, std::less<>> checksums;
  for (const std::string_view algorithm : k_algorithms) {
    checksums.emplace(algorithm, checksum_of(algorithm, bytes));
  }
  return checksums;
}

}  // namespace aegis::simulator
