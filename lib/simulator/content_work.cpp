#include "simulator/content_work.h"

#include <fmt/format.h>

#include "simulator/web.h"

namespace aegis::simulator {
namespace {

constexpr std::string_view k_ok = "OK";
constexpr std::string_view k_templates = "http://download.proxmox.com/images/system/";

std::string mismatch(std::string_view got, std::string_view expected) {
  return fmt::format("checksum mismatch: got '{}' != expect '{}'", got, expected);
}

std::string file_part(std::string_view volume_id) {
  return std::string(volume_id.substr(volume_id.rfind('/') + 1));
}

void store(World& world, const Task& task, Volume file) {
  const std::string id = text_or(task.work, "volume");
  const std::string_view kind = std::string_view(id).substr(id.find(':') + 1);
  file.content = kind.substr(0, kind.find('/'));
  file.ctime = world.now_seconds();
  world.storages.volumes.insert_or_assign(id, std::move(file));
}

// A template of the index: its real size does not matter, its name does.
std::string download(World& world, Task& task) {
  const std::string id = text_or(task.work, "volume");
  const std::string url = fmt::format("{}{}", k_templates, file_part(id));
  if (fetch(world, url).status != 200) return "download failed: exit code 4";
  store(world, task, {.size = std::int64_t{120} << 20, .checksums = checksums_of(url)});
  task.log.push_back(fmt::format("download of '{}' finished", id));
  return std::string(k_ok);
}

// What is there already is never overwritten: it is the right file, or the task fails.
std::string check_present(const World& world, Task& task) {
  const auto present = world.storages.volumes.find(text_or(task.work, "volume"));
  const std::string expected = text_or(task.work, "checksum");
  if (expected.empty()) {
    return fmt::format("refusing to override existing file '{}'", text_or(task.work, "path"));
  }
  const auto known = present->second.checksums.find(text_or(task.work, "algorithm"));
  const std::string got = known == present->second.checksums.end() ? "" : known->second;
  if (got != expected) {
    return fmt::format("mismatch (got '{}' != expect '{}'), aborting", got, expected);
  }
  task.log.emplace_back("OK, got correct file already, no need to download");
  return std::string(k_ok);
}

std::string fetch_url(World& world, Task& task) {
  const std::string url = text_or(task.work, "url");
  task.log.push_back(fmt::format("downloading {} to {}", url, text_or(task.work, "path")));
  if (world.storages.volumes.contains(text_or(task.work, "volume"))) {
    return check_present(world, task);
  }
  const WebAnswer found = fetch(world, url);
  if (found.status != 200) {
    return fmt::format("download failed: exit code {}", found.status == 0 ? 4 : 8);
  }
  const std::string expected = text_or(task.work, "checksum");
  const std::string got = checksum_of(text_or(task.work, "algorithm"), found.body);
  if (!expected.empty() && got != expected) return mismatch(got, expected);
  store(world,
        task,
        {.size = static_cast<std::int64_t>(found.body.size()),
         .checksums = checksums_of(found.body)});
  task.log.push_back(
      fmt::format("download of '{}' to '{}' finished", url, text_or(task.work, "path")));
  return std::string(k_ok);
}

std::string take_upload(World& world, Task& task) {
  const Json& checksums = get(task.work, "checksums");
  const std::string expected = text_or(task.work, "checksum");
  const std::string got = text_or(checksums, text_or(task.work, "algorithm"));
  if (!expected.empty() && got != expected) return mismatch(got, expected);
  Volume file;
  file.size = as_integer(get(task.work, "size")).value_or(0);
  for (const auto& [algorithm, value] : checksums.items()) {
    file.checksums[algorithm] = as_text(value);
  }
  store(world, task, std::move(file));
  task.log.emplace_back("finished file import successfully");
  return std::string(k_ok);
}

std::string remove_volume(World& world, Task& task) {
  const std::string id = text_or(task.work, "volume");
  const auto found = world.storages.volumes.find(id);
  if (found != world.storages.volumes.end() && found->second.is_protected) {
    const std::size_t colon = id.find(':');
    return fmt::format(
        "cannot remove protected volume '{}' on '{}'", id.substr(colon + 1), id.substr(0, colon));
  }
  if (found != world.storages.volumes.end()) world.storages.volumes.erase(found);
  task.log.push_back(fmt::format("Removed volume '{}'", id));
  return std::string(k_ok);
}

}  // namespace

std::optional<std::string> perform_content_work(World& world, Task& task) {
  const std::string verb = text_or(task.work, "verb");
  if (verb == "download") return download(world, task);
  if (verb == "fetch") return fetch_url(world, task);
  if (verb == "upload") return take_upload(world, task);
  if (verb == "remove_volume") return remove_volume(world, task);
  return std::nullopt;
}

}  // namespace aegis::simulator
