#include "manifest/os_paths.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/digest.h"
#include "base/files.h"
#include "base/text.h"
#include "base/utf8.h"
#include "manifest/references.h"
#include "manifest/user_path.h"

namespace aegis {
namespace {

constexpr std::size_t k_most_bytes = std::size_t{16} * 1024 * 1024;

constexpr std::array<std::string_view, 4> k_not_ours{"/dev", "/proc", "/sys", "/var/lib/aegisctl"};

bool is_below(std::string_view path, std::string_view folder) {
  return path == folder ||
         (path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/');
}

void read_source(const YamlNode& source, Json& spec, Reading& reading) {
  const std::string home = reading.environment("HOME").value_or("");
  const auto bytes = read_file(user_path(reading.folder, home, source.text));
  if (!bytes) {
    reading.error(source.where, "a source that cannot be read", bytes.error().message + ".");
  } else if (bytes->size() > k_most_bytes) {
    reading.error(source.where,
                  "a source that is too large",
                  "A managed file holds at most 16 MiB. Larger ones belong into a package, an "
                  "image or a backup.");
  } else {
    put_file_content(*bytes, false, spec, reading.vault);
  }
}

}  // namespace

void put_file_content(const std::string& bytes, bool secret, Json& spec, Vault& vault) {
  spec["payload"] = vault.seal(bytes);
  spec["size"] = bytes.size();
  if (secret) {
    spec["content"] = spec["payload"];
    return;
  }
  spec["digest"] = sha256_hex(bytes);
  if (is_text(bytes)) spec["content"] = bytes;
}

void read_file_content(const YamlNode::Member& member, Json& spec, Reading& reading) {
  const YamlNode* content = member.value->find("content");
  const YamlNode* source = member.value->find("source");
  spec.erase("content");
  spec.erase("source");
  if ((content == nullptr) == (source == nullptr)) {
    reading.error(member.key_where,
                  "a file without one content",
                  fmt::format("`{}` takes either `content` or `source`.", member.key));
  } else if (source != nullptr) {
    read_source(*source, spec, reading);
  } else {
    put_file_content(content->text, is_secret(*content), spec, reading.vault);
  }
}

bool check_managed_path(const std::string& path, const SourceSpan& where, Reading& reading) {
  const std::vector<std::string> pieces = split(path, '/');
  const bool is_shortest = std::all_of(pieces.begin() + 1, pieces.end(), [](const auto& piece) {
    return !piece.empty() && piece != "." && piece != "..";
  });
  if (!is_shortest || path.find('\0') != std::string::npos) {
    reading.error(where,
                  "not a path in its shortest form",
                  fmt::format("`{}` must be absolute, without \".\", \"..\", doubled slashes and a "
                              "slash at its end.",
                              path));
    return false;
  }
  const auto* const owner =
      std::find_if(k_not_ours.begin(), k_not_ours.end(), [&](std::string_view folder) {
        return is_below(path, folder);
      });
  if (owner == k_not_ours.end()) return true;
  reading.error(where,
                "a path that is not to be managed",
                fmt::format("What is below {} belongs to {}.",
                            *owner,
                            *owner == k_not_ours.back() ? "aegisctl itself" : "the kernel"));
  return false;
}

}  // namespace aegis
