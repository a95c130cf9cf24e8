#include "manifest/compose/mounted_files.h"

#include "base/digest.h"
#include "manifest/compose/text_file.h"

namespace aegis::compose {

void add_content_digests(Node& service, const std::filesystem::path& folder) {
  Node* mounts = service.find("volumes");
  if (mounts == nullptr) return;
  for (Node& mount : mounts->items) {
    const Node* source = mount.find("source");
    if (source == nullptr || text_at(mount, "type") != "bind") continue;
    // What the container can write is its own business, and so is what is not a part of the
    // project.
    const bool is_part = source->text.starts_with(folder.string() + "/");
    if (!is_part || text_at(mount, "read_only") != "true") continue;
    const auto text = read_text_file(source->text);
    if (text) set(mount, "content_digest", make_text(sha256_hex(*text), *source));
  }
}

}  // namespace aegis::compose
