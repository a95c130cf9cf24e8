#include "kinds/proxmox/content/template_upload.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <system_error>

#include "base/digest.h"
#include "base/file_digest.h"

namespace aegis::proxmox {
namespace {

constexpr std::size_t k_boundary_bytes = 16;
// Proxmox answers when it has put the whole file aside.
constexpr std::chrono::minutes k_silence{2};

struct Checksum {
  std::string algorithm;
  std::string value;
};

Result<Checksum> checksum_of(const TemplateFile& file) {
  const std::string algorithm = file.algorithm.empty() ? "sha256" : file.algorithm;
  auto value = file_digest(file.path, algorithm);
  if (!value) return value.error();
  if (file.checksum.empty() || *value == file.checksum) return Checksum{algorithm, *value};
  return Error{
      ErrorCode::conflict,
      fmt::format("{} has the {} checksum {}, and the manifest says {}: it is not uploaded",
                  file.path,
                  algorithm,
                  *value,
                  file.checksum)};
}

std::string field(const std::string& boundary, std::string_view name, std::string_view value) {
  return fmt::format(
      "--{}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n", boundary, name, value);
}

// The form around the file: Proxmox reads the fields in this order, and none behind the file.
class UploadForm {
 public:
  UploadForm(const TemplateFile& file,
             const Checksum& checksum,
             std::int64_t size,
             Effects& effects)
      : file_(file.path, std::ios::binary), path_(file.path), size_(size), effects_(effects) {
    boundary_ = "aegisctl-" + to_hex(random_bytes(k_boundary_bytes));
    before_ = field(boundary_, "content", file.content) +
              field(boundary_, "checksum-algorithm", checksum.algorithm) +
              field(boundary_, "checksum", checksum.value) +
              fmt::format(
                  "--{}\r\nContent-Disposition: form-data; name=\"filename\"; "
                  "filename=\"{}\"\r\nContent-Type: application/octet-stream\r\n\r\n",
                  boundary_,
                  file.name);
    after_ = fmt::format("\r\n--{}--\r\n", boundary_);
  }

  [[nodiscard]] std::string content_type() const {
    return "multipart/form-data; boundary=" + boundary_;
  }

  [[nodiscard]] std::int64_t size() const {
    return static_cast<std::int64_t>(before_.size() + after_.size()) + size_;
  }

  Result<std::size_t> read(std::int64_t offset, std::span<char> piece) {
    const auto begin = static_cast<std::int64_t>(before_.size());
    if (offset < begin) return copy(before_, offset, piece);
    if (offset >= begin + size_) return copy(after_, offset - begin - size_, piece);
    tell(offset - begin);
    return read_file(offset - begin, piece);
  }

 private:
  static std::size_t copy(const std::string& text, std::int64_t offset, std::span<char> piece) {
    const auto from = static_cast<std::size_t>(offset);
    const std::size_t count = std::min(piece.size(), text.size() - from);
    std::memcpy(piece.data(), text.data() + from, count);
    return count;
  }

  Result<std::size_t> read_file(std::int64_t offset, std::span<char> piece) {
    const auto left = static_cast<std::size_t>(size_ - offset);
    file_.clear();
    file_.seekg(offset);
    file_.read(piece.data(), static_cast<std::streamsize>(std::min(left, piece.size())));
    if (file_.gcount() > 0) return static_cast<std::size_t>(file_.gcount());
    return Error{ErrorCode::io, fmt::format("{} became shorter while it was sent", path_)};
  }

  void tell(std::int64_t sent) {
    const int percent = size_ == 0 ? 100 : static_cast<int>(sent * 100 / size_);
    if (percent == told_) return;
    told_ = percent;
    effects_.progress(fmt::format("uploading {}: {}%", path_, percent));
  }

  std::ifstream file_;
  std::string path_;
  std::int64_t size_;
  Effects& effects_;
  std::string boundary_;
  std::string before_;
  std::string after_;
  int told_ = -1;
};

}  // namespace

Result<Json> upload_template(const ApiClient& api,
                             const std::string& node,
                             const TemplateFile& file) {
  api.effects().progress(fmt::format("reading {} for its checksum", file.path));
  const auto checksum = checksum_of(file);
  if (!checksum) return checksum.error();
  std::error_code failure;
  const auto size = std::filesystem::file_size(file.path, failure);
  if (failure) {
    return Error{ErrorCode::io, fmt::format("cannot read {}: {}", file.path, failure.message())};
  }
  UploadForm form(file, *checksum, static_cast<std::int64_t>(size), api.effects());
  HttpRequest request;
  request.method = "POST";
  request.path = storage_path(node, file.storage, "/upload");
  request.content_type = form.content_type();
  request.timeout = k_silence;
  request.source = BodySource{form.size(), [&form](std::int64_t offset, std::span<char> piece) {
                                return form.read(offset, piece);
                              }};
  return api.send(std::move(request));
}

}  // namespace aegis::proxmox
