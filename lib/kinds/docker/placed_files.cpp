#include "kinds/docker/placed_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/digest.h"
#include "base/tar.h"
#include "base/text.h"
#include "kinds/docker/shape.h"

namespace aegis::docker {
namespace {

constexpr std::array<std::string_view, 2> k_keys{"configs", "secrets"};
constexpr std::size_t k_longest_shown = 65'536;

std::string folder_of(const std::string& target) {
  const auto slash = target.rfind('/');
  return slash == 0 ? "/" : target.substr(0, slash);
}

bool is_below(const std::string& path, const std::string& folder) {
  return path.starts_with(folder == "/" ? folder : folder + "/");
}

std::string mode_text(std::int64_t mode) {
  return fmt::format("{:04o}", mode);
}

// What a plan can show of a content.
Json shown_content(const Json& content) {
  if (!content.is_string()) return content;
  const auto& text = content.get_ref<const std::string&>();
  if (text.size() <= k_longest_shown && text.find('\0') == std::string::npos) return content;
  return fmt::format("sha256:{} ({} bytes)", sha256_hex(text), text.size());
}

Query file_query(const Stack& stack,
                 ApiVersion api,
                 const std::string& container,
                 const std::string& target) {
  return engine_query(
      stack, api, fmt::format("/containers/{}/archive?path={}", container, percent_encode(target)));
}

// The one file in an archive of the engine's; null when it is no file.
Json file_in(const Reply& reply) {
  if (reply.error || reply.status != 200) return nullptr;
  const auto entries = read_tar(reply.text);
  if (!entries || entries->size() != 1 || entries->front().type != TarEntry::Type::file) {
    return nullptr;
  }
  const TarEntry& file = entries->front();
  return {{"content", file.content},
          {"mode", mode_text(file.mode)},
          {"uid", std::to_string(file.uid)},
          {"gid", std::to_string(file.gid)}};
}

bool is_in_memory(const Json& spec, const std::string& target) {
  for (const auto& [path, options] : get(spec, "tmpfs").items()) {
    if (is_below(target, path)) return true;
  }
  for (const Json& volume : get(spec, "volumes")) {
    const bool is_tmpfs = text_or(volume, "type") == "tmpfs";
    if (is_tmpfs && is_below(target, text_or(volume, "target"))) return true;
  }
  return false;
}

// The content is sealed as that of the wanted side is, and whatever was a secret when it was put
// in.
Json live_file(const Json& found, const Json& wanted, bool was_secret, Vault& vault) {
  Json file = found;
  const Json& wanted_content = get(wanted, "content");
  if (was_secret || is_sealed(wanted_content)) {
    file["content"] = vault.seal(text_or(found, "content"));
  } else {
    file["content"] = shown_content(get(found, "content"));
  }
  return file;
}

}  // namespace

void wanted_files(Json& attributes, const Json& spec) {
  for (const std::string_view key : k_keys) {
    Json files = Json::object();
    for (const Json& file : get(spec, key)) {
      files[text_or(file, "target")] = {{"content", shown_content(get(file, "content"))},
                                        {"mode", mode_text(integer_or_zero(get(file, "mode")))},
                                        {"uid", text_or(file, "uid")},
                                        {"gid", text_or(file, "gid")}};
    }
    put(attributes, key, std::move(files));
  }
}

std::vector<Query> file_queries(const Stack& stack,
                                ApiVersion api,
                                const std::string& container,
                                const Json& spec) {
  std::vector<Query> queries;
  for (const std::string_view key : k_keys) {
    for (const Json& file : get(spec, key)) {
      queries.push_back(file_query(stack, api, container, text_or(file, "target")));
    }
  }
  return queries;
}

Json found_files(const Stack& stack,
                 ApiVersion api,
                 const std::string& container,
                 const Json& spec,
                 const Replies& replies) {
  Json found = Json::object();
  for (const std::string_view key : k_keys) {
    for (const Json& file : get(spec, key)) {
      const std::string target = text_or(file, "target");
      const auto reply = replies.find(file_query(stack, api, container, target));
      if (reply != replies.end()) put(found, target, file_in(reply->second));
    }
  }
  return found;
}

void live_files(Json& attributes,
                const Json& found,
                const Json& wanted,
                std::string_view declared_label,
                std::string_view sealed_label,
                Vault& vault) {
  const auto declared = split_any(declared_label, ",");
  const auto sealed = split_any(sealed_label, ",");
  for (const std::string_view key : k_keys) {
    Json files = Json::object();
    const std::string prefix = fmt::format("{}.", key);
    for (const std::string& path : declared) {
      if (path.starts_with(prefix)) files[path.substr(prefix.size())] = {{"mode", "present"}};
    }
    for (const auto& [target, file] : get(wanted, key).items()) {
      files.erase(target);
      const Json& there = get(found, target);
      if (there.is_null()) continue;
      const bool was_secret =
          std::find(sealed.begin(), sealed.end(), prefix + target) != sealed.end();
      files[target] = live_file(there, file, was_secret || key == "secrets", vault);
    }
    put(attributes, key, std::move(files));
  }
}

void accept_mounted_files(Json& attributes, const Json& wanted) {
  if (!attributes.contains("volumes")) return;
  Json& mounts = attributes["volumes"];
  for (const std::string_view key : k_keys) {
    for (const auto& [target, file] : get(wanted, key).items()) {
      const Json& mount = get(mounts, target);
      const bool is_file = text_or(mount, "type") == "bind" && get(mount, "read_only") == true;
      if (!is_file || !get(get(wanted, "volumes"), target).is_null()) continue;
      mounts.erase(target);
      if (get(get(attributes, key), target).is_null()) continue;
      Json& live = attributes[std::string(key)][target];
      for (const char* unsettable : {"mode", "uid", "gid"})
        live[unsettable] = get(file, unsettable);
    }
  }
  if (mounts.empty()) attributes.erase("volumes");
}

std::vector<std::string> file_folders(const Json& spec) {
  std::set<std::string> folders;
  const bool read_only = as_bool(get(spec, "read_only")).value_or(false);
  for (const std::string_view key : k_keys) {
    for (const Json& file : get(spec, key)) {
      const std::string target = text_or(file, "target");
      if (read_only || is_in_memory(spec, target)) folders.insert(folder_of(target));
    }
  }
  for (const Json& volume : get(spec, "volumes")) folders.erase(text_or(volume, "target"));
  return {folders.begin(), folders.end()};
}

Json files_to_place(const Json& spec) {
  const auto volumes = file_folders(spec);
  Json files = Json::array();
  for (const std::string_view key : k_keys) {
    for (const Json& file : get(spec, key)) {
      Json placed = file;
      const std::string folder = folder_of(text_or(file, "target"));
      const bool in_volume = std::find(volumes.begin(), volumes.end(), folder) != volumes.end();
      placed["folder"] = in_volume ? folder : "/";
      files.push_back(std::move(placed));
    }
  }
  return files;
}

Result<Json> place_files(const Step& step, const EngineClient& client) {
  std::map<std::string, std::vector<TarEntry>> archives;
  for (const Json& file : client.effects().vault.reveal_all(get(step.input, "files"))) {
    const std::string folder = text_or(file, "folder");
    TarEntry entry;
    entry.path = text_or(file, "target").substr(folder == "/" ? 1 : folder.size() + 1);
    entry.content = text_or(file, "content");
    entry.mode = static_cast<unsigned>(integer_or_zero(get(file, "mode")));
    entry.uid = integer_or_zero(get(file, "uid"));
    entry.gid = integer_or_zero(get(file, "gid"));
    archives[folder].push_back(std::move(entry));
  }
  const std::string container = name_in_path(text_or(step.input, "container"));
  for (const auto& [folder, entries] : archives) {
    HttpRequest request = client.request(
        "PUT", fmt::format("/containers/{}/archive?path={}", container, percent_encode(folder)));
    request.content_type = "application/x-tar";
    request.body = write_tar(entries);
    request.timeout = step.timeout;
    const auto response = client.effects().http.send(request);
    if (!response) return response.error();
    if (response->status == 200) continue;
    const auto body = parse_json(response->body);
    return error_of(response->status, body ? *body : Json(), response->body);
  }
  return Json::object();
}

}  // namespace aegis::docker
