#include "kinds/proxmox/content/template_observe.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "kinds/proxmox/content/template_file.h"
#include "kinds/proxmox/host_view.h"

namespace aegis::proxmox {
namespace {

Query files_query(const HostQueries& host, const TemplateFile& file) {
  return host.files(file.storage, file.content);
}

bool is_from_index(const TemplateFile& file) {
  return file.url.empty() && file.path.empty();
}

Query index_query(const HostQueries& host) {
  return host.of_node("/aplinfo");
}

// The names that `GET /nodes/NODE/storage` tells; nothing when it could not be read.
const Json* find_storage(const Replies& replies, const HostQueries& host, const std::string& name) {
  const auto storages = data_of(replies, host.storages(), "the storages");
  if (!storages) return nullptr;
  for (const Json& storage : **storages) {
    if (text_or(storage, "storage") == name) return &storage;
  }
  return nullptr;
}

// Whether it is there. A storage that is not there yet has no files; one that may not be read is an
// error.
Result<bool> is_present(const TemplateFile& file, const HostQueries& host, const Replies& replies) {
  if (find_storage(replies, host, file.storage) == nullptr &&
      data_of(replies, host.storages(), "the storages")) {
    return false;
  }
  const auto files = data_of(
      replies, files_query(host, file), fmt::format("the files of storage {}", file.storage));
  if (!files) return files.error();
  return lists(**files, file.volume());
}

class Notes {
 public:
  explicit Notes(const Resource& resource) : resource_(resource) {}

  void add(Severity severity, std::string_view path, std::string summary, std::string detail) {
    notes_.push_back(
        {severity, std::move(summary), std::move(detail), resource_.place_of(path), std::nullopt});
  }

  Diagnostics take() { return std::move(notes_); }

 private:
  const Resource& resource_;
  Diagnostics notes_;
};

void add_notes_on_storage(const Resource& resource,
                          const TemplateFile& file,
                          const HostQueries& host,
                          const Replies& replies,
                          Notes& notes) {
  if (resource.needs_kind("storage")) return;
  const Json* storage = find_storage(replies, host, file.storage);
  if (storage == nullptr) {
    notes.add(Severity::error,
              "storage",
              "a storage is not on the host",
              fmt::format("{} is to be fetched to storage {}, which this node does not have or "
                          "these credentials may not see.",
                          to_string(resource.address),
                          file.storage));
    return;
  }
  const auto contents = split_any(text_or(*storage, "content"), ", ");
  if (std::find(contents.begin(), contents.end(), file.content) != contents.end()) return;
  notes.add(Severity::error,
            "storage",
            "a storage does not take this content",
            fmt::format("Storage {} holds {}, and {} is of type {}. Add it to the storage's "
                        "`content`, or name another storage.",
                        file.storage,
                        join(contents, ", "),
                        to_string(resource.address),
                        file.content));
}

void add_note_on_index(const TemplateFile& file,
                       const HostQueries& host,
                       const Replies& replies,
                       Notes& notes) {
  const auto index = data_of(replies, index_query(host), "the appliance index");
  if (!index) return;
  std::vector<std::string> names;
  for (const Json& entry : **index) names.push_back(text_or(entry, "template"));
  if (std::find(names.begin(), names.end(), file.name) != names.end()) return;
  const auto likely = closest_match(file.name, names);
  notes.add(Severity::error,
            "",
            "a template is not in the appliance index",
            fmt::format("The host's index has no {}.{} `pveam update` on the host reads the index "
                        "anew, `pveam available` lists it; `url` fetches it from elsewhere.",
                        file.name,
                        likely ? fmt::format(" Did you mean {}?", *likely) : ""));
}

Diagnostics notes_on_absent(const Resource& resource,
                            const TemplateFile& file,
                            const HostQueries& host,
                            const Replies& replies) {
  Notes notes(resource);
  add_notes_on_storage(resource, file, host, replies, notes);
  if (is_from_index(file)) add_note_on_index(file, host, replies, notes);
  if (file.url.starts_with("http://") && file.checksum.empty()) {
    notes.add(Severity::error,
              "url",
              "a file that anybody on the way could change",
              fmt::format("{} would be fetched without encryption and without a checksum. Add "
                          "`checksum`, or use https.",
                          to_string(resource.address)));
  }
  return notes.take();
}

/// Files of one storage, of one type.
struct Shelf {
  std::string storage;
  std::string content;
};

// Those of the storages that are there and switched on.
std::vector<Shelf> shelves_of(const HostQueries& host, const Replies& replies) {
  constexpr std::array<std::string_view, 3> k_contents{"vztmpl", "iso", "import"};
  std::vector<Shelf> shelves;
  const auto storages = data_of(replies, host.storages(), "the storages");
  if (!storages) return shelves;
  for (const Json& storage : **storages) {
    if (!as_bool(get(storage, "active")).value_or(false)) continue;
    const auto held = split_any(text_or(storage, "content"), ", ");
    for (const std::string_view content : k_contents) {
      if (std::find(held.begin(), held.end(), content) == held.end()) continue;
      shelves.push_back({text_or(storage, "storage"), std::string(content)});
    }
  }
  return shelves;
}

}  // namespace

std::vector<Query> template_queries(const Batch& batch, const Replies& replies) {
  const HostQueries host(batch.scope);
  std::vector<Query> queries;
  if (batch.resources.empty()) return queries;
  queries.push_back(host.storages());
  for (const Resource* resource : batch.resources) {
    const TemplateFile file = read_template(*resource);
    queries.push_back(files_query(host, file));
    if (!is_from_index(file) || !replies.contains(queries.back())) continue;
    const auto present = is_present(file, host, replies);
    if (present && !*present) queries.push_back(index_query(host));
  }
  return queries;
}

Result<std::vector<Observation>> interpret_templates(const Batch& batch,
                                                     const Replies& replies,
                                                     Vault&) {
  const HostQueries host(batch.scope);
  std::vector<Observation> observations;
  for (const Resource* resource : batch.resources) {
    const TemplateFile file = read_template(*resource);
    const auto present = is_present(file, host, replies);
    if (!present) return present.error();
    Observation seen;
    seen.address = resource->address;
    seen.scope = resource->scope;
    seen.exists = *present;
    seen.owned = *present;
    if (*present) {
      seen.attributes = {{"storage", file.storage}, {"content", file.content}};
    } else {
      seen.notes = notes_on_absent(*resource, file, host, replies);
    }
    observations.push_back(std::move(seen));
  }
  return observations;
}

std::vector<Query> survey_templates(const Batch& batch, const Replies& replies) {
  const HostQueries host(batch.scope);
  std::vector<Query> queries{host.storages()};
  for (const Shelf& shelf : shelves_of(host, replies)) {
    queries.push_back(host.files(shelf.storage, shelf.content));
  }
  return queries;
}

Result<std::vector<Declaration>> declare_templates(const Batch& batch, const Replies& replies) {
  const HostQueries host(batch.scope);
  const auto storages = data_of(replies, host.storages(), "the storages");
  if (!storages) return storages.error();
  // Of two files with one name a manifest can only name one.
  std::set<std::string> named;
  for (const Resource* resource : batch.resources) named.insert(resource->address.name);
  std::vector<Declaration> declarations;
  for (const Shelf& shelf : shelves_of(host, replies)) {
    const auto files = data_of(replies,
                               host.files(shelf.storage, shelf.content),
                               fmt::format("the files of storage {}", shelf.storage));
    if (!files) return files.error();
    for (const Json& file : **files) {
      const std::string volume = text_or(file, "volid");
      std::string name = volume.substr(volume.rfind('/') + 1);
      if (!named.insert(name).second) continue;
      declarations.push_back({{batch.scope.name, "template", std::move(name)},
                              {{"storage", shelf.storage}, {"content", shelf.content}},
                              {}});
    }
  }
  return declarations;
}

}  // namespace aegis::proxmox
