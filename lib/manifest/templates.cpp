#include "manifest/templates.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "manifest/user_path.h"

namespace aegis {

void read_template_files(Reading& reading) {
  const std::string home = reading.environment("HOME").value_or("");
  for (auto& [address, resource] : reading.manifests.desired.resources) {
    const std::string file = text_or(resource.spec, "file");
    if (address.kind != "template" || file.empty()) continue;
    if (resource.spec.contains("url")) {
      reading.error(resource.place_of("url"),
                    "two sources of one template",
                    fmt::format("{} takes either `url` or `file`.", to_string(address)),
                    resource.place_of("file"));
    }
    const std::filesystem::path path = user_path(reading.folder, home, file);
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored)) {
      reading.error(resource.place_of("file"),
                    "a file is missing",
                    fmt::format("{} is to be uploaded from {}, and there is no such file.",
                                to_string(address),
                                path.string()));
    }
    resource.spec["file"] = path.string();
  }
}

}  // namespace aegis
