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
  const std::string checksum = text_or(resource.spec, "checksum");
  const std::size_t colon = checksum.find(':');
  if (colon != std::string::npos) {
    file.algorithm = checksum.substr(0, colon);
    file.checksum = to_lower(checksum.substr(colon + 1));
  }
  return file;
}

std::string content_path(std::string_view node,
                         std::string_view storage,
                         std::string_view content) {
  return fmt::format("/nodes/{}/storage/{}/content?content={}",
                     percent_encode(node),
                     percent_encode(storage),
                     content);
}

bool lists(const Json& files, std::string_view volume) {
  return files.is_array() && std::any_of(files.begin(), files.end(), [&](const Json& file) {
           return text_or(file, "volid") == volume;
         });
}

}  // namespace aegis::proxmox
