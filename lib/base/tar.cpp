#include "base/tar.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <array>
#include <memory>
#include <new>

namespace aegis {
namespace {

using EntryHandle = std::unique_ptr<archive_entry, void (*)(archive_entry*)>;

la_ssize_t append(archive* /*handle*/, void* text, const void* bytes, std::size_t size) {
  static_cast<std::string*>(text)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

unsigned type_of(TarEntry::Type type) {
  switch (type) {
    case TarEntry::Type::folder:
      return AE_IFDIR;
    case TarEntry::Type::link:
      return AE_IFLNK;
    case TarEntry::Type::file:
      break;
  }
  return AE_IFREG;
}

void write_entry(archive* writer, const TarEntry& entry) {
  const EntryHandle header(archive_entry_new(), archive_entry_free);
  archive_entry_set_pathname_utf8(header.get(), entry.path.c_str());
  archive_entry_set_filetype(header.get(), type_of(entry.type));
  archive_entry_set_perm(header.get(), entry.mode);
  archive_entry_set_uid(header.get(), entry.uid);
  archive_entry_set_gid(header.get(), entry.gid);
  archive_entry_set_mtime(header.get(), 0, 0);
  const bool is_file = entry.type == TarEntry::Type::file;
  if (entry.type == TarEntry::Type::link) {
    archive_entry_set_symlink_utf8(header.get(), entry.content.c_str());
  }
  archive_entry_set_size(header.get(), is_file ? static_cast<la_int64_t>(entry.content.size()) : 0);
  archive_write_header(writer, header.get());
  if (is_file) archive_write_data(writer, entry.content.data(), entry.content.size());
}

std::string text_of(const char* text) {
  return text == nullptr ? std::string() : std::string(text);
}

std::string content_of(archive* reader) {
  std::string content;
  std::array<char, 65536> buffer{};
  while (true) {
    const la_ssize_t size = archive_read_data(reader, buffer.data(), buffer.size());
    if (size <= 0) return content;
    content.append(buffer.data(), static_cast<std::size_t>(size));
  }
}

}  // namespace

std::string write_tar(std::span<const TarEntry> entries) {
  std::string text;
  const std::unique_ptr<archive, int (*)(archive*)> writer(archive_write_new(), archive_write_free);
  if (!writer) throw std::bad_alloc();
  // Plain blocks, and longer records only for what does not fit into them.
  archive_write_set_format_pax_restricted(writer.get());
  archive_write_set_options(writer.get(), "hdrcharset=UTF-8");
  archive_write_set_bytes_in_last_block(writer.get(), 1);
  archive_write_open(writer.get(), &text, nullptr, append, nullptr);
  for (const TarEntry& entry : entries) write_entry(writer.get(), entry);
  archive_write_close(writer.get());
  return text;
}

Result<std::vector<TarEntry>> read_tar(std::string_view text) {
  std::vector<TarEntry> entries;
  const std::unique_ptr<archive, int (*)(archive*)> reader(archive_read_new(), archive_read_free);
  if (!reader) throw std::bad_alloc();
  archive_read_support_format_tar(reader.get());
  int status = archive_read_open_memory(reader.get(), text.data(), text.size());
  archive_entry* header = nullptr;
  while (status == ARCHIVE_OK || status == ARCHIVE_WARN) {
    status = archive_read_next_header(reader.get(), &header);
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) break;
    TarEntry entry;
    entry.path = text_of(archive_entry_pathname(header));
    entry.mode = archive_entry_perm(header);
    entry.uid = archive_entry_uid(header);
    entry.gid = archive_entry_gid(header);
    const unsigned type = archive_entry_filetype(header);
    if (type == AE_IFDIR) {
      entry.type = TarEntry::Type::folder;
    } else if (type == AE_IFLNK) {
      entry.type = TarEntry::Type::link;
      entry.content = text_of(archive_entry_symlink(header));
    } else if (type == AE_IFREG) {
      entry.content = content_of(reader.get());
    } else {
      continue;
    }
    entries.push_back(std::move(entry));
  }
  if (status == ARCHIVE_EOF) return entries;
  return Error{ErrorCode::rejected,
               fmt::format("not a tar archive: {}", text_of(archive_error_string(reader.get())))};
}

}  // namespace aegis
