#include "manifest/compose/bind_paths.h"

#include "base/digest.h"
#include "manifest/compose/mounts.h"
#include "manifest/compose/report.h"
#include "manifest/compose/text_file.h"

namespace aegis::compose {
namespace {

// What the container can write is its own business, and so is what is not a part of the project.
void add_digest(Node& mount, const Node& source, const std::filesystem::path& folder) {
  const bool is_part = source.text.starts_with(folder.string() + "/");
  if (!is_part || text_at(mount, "read_only") != "true") return;
  const auto text = read_text_file(source.text);
  if (text) set(mount, "content_digest", make_text(sha256_hex(*text), source));
}

}  // namespace

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
    add_digest(mount, *source, folder);
  }
}

}  // namespace aegis::compose
