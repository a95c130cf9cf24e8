#include "kinds/proxmox/content/template_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace aegis::proxmox {
namespace {

std::string content_of(std::string_view name) {
  const std::string lower = to_lower(std::string(name));
  const auto ends = [&](std::string_view ending) { return lower.ends_with(ending); };
  if (ends(".iso") || ends(".img")) return "iso";
  if (ends(".qcow2") || ends(".raw") || ends(".vmdk") || ends(".ova")) return "import";
  return "vztmpl";
}

}  // namespace

std::string TemplateFile::volume() const {
  return fmt::format("{}:{}/{}", storage, content, name);
}

TemplateFile read_template(const Resource& resource) {
  TemplateFile file;
  file.name = resource.address.name;
  file.storage = text_or(resource.spec, "storage");
  file.content = text_or(resource.spec, "content", content_of(file.name));
  file.url = text_or(resource.spec, "url");
  file.path = text_or(resource.spec, "file");
  const std::string checksum = text_or(resource.spec, "checksum");
  const std::size_t colon = checksum.find(':');
  if (colon != std::string::npos) {
    file.algorithm = checksum.substr(0, colon);
    file.checksum = to_lower(checksum.substr(colon + 1));
  }
  return file;
}

bool lists(const Json& files, std::string_view volume) {
  return files.is_array() && std::any_of(files.begin(), files.end(), [&](const Json& file) {
           return text_or(file, "volid") == volume;
         });
}

Result<Done> expect_file(const ApiClient& api,
                         std::string_view node,
                         const std::string& image,
                         std::string_view query) {
  const auto files = api.get(
      storage_path(node, image.substr(0, image.find(':')), fmt::format("/content{}", query)));
  if (!files) return files.error().in_context("looking for " + image);
  if (lists(*files, image)) return Done{};
  return Error{ErrorCode::not_found,
               fmt::format("{} is not on the host, so nothing was destroyed for it", image)};
}

}  // namespace aegis::proxmox
