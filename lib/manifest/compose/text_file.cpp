#include "manifest/compose/text_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

namespace aegis::compose {
namespace {

constexpr std::uintmax_t k_largest = 16ULL * 1024 * 1024;

Error failure(ErrorCode code, const std::filesystem::path& path, std::string_view why) {
  return {code, fmt::format("{}: {}", path.string(), why)};
}

}  // namespace

Result<std::string> read_text_file(const std::filesystem::path& path) {
  std::error_code code;
  const auto status = std::filesystem::status(path, code);
  if (!std::filesystem::exists(status))
    return failure(ErrorCode::not_found, path, "there is no such file");
  if (!std::filesystem::is_regular_file(status))
    return failure(ErrorCode::io, path, "this is not a file");
  const auto size = std::filesystem::file_size(path, code);
  if (code) return failure(ErrorCode::io, path, code.message());
  if (size > k_largest) return failure(ErrorCode::io, path, "larger than 16 MiB");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return failure(ErrorCode::io, path, std::strerror(errno));
  std::string text(static_cast<std::size_t>(size), '\0');
  stream.read(text.data(), static_cast<std::streamsize>(size));
  if (stream.gcount() != static_cast<std::streamsize>(size))
    return failure(ErrorCode::io, path, "it could not be read to its end");
  return text;
}

}  // namespace aegis::compose
