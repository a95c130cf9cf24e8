#include "manifest/compose/bind_paths.h"

#include "manifest/compose/mounts.h"
#include "manifest/compose/report.h"

namespace aegis::compose {

void resolve_bind_paths(Node& service,
                        const std::filesystem::path& folder,
                        const Environment& variables,
                        Diagnostics& diagnostics) {
  Node* mounts = service.find("volumes");
  if (mounts == nullptr) return;
  for (Node& mount : mounts->items) {
    Node* source = mount.find("source");
    if (source == nullptr || text_at(mount, "type") != "bind") continue;
    std::string path = source->text;
    if (path == "~" || path.starts_with("~/"))
      path = variables("HOME").value_or("~") + path.substr(1);
    if (path.starts_with('~')) {
      wrong_value(diagnostics, *source, "a path whose home folder is known");
      continue;
    }
    source->text = clean_path((folder / path).string());
  }
}

}  // namespace aegis::compose
