#include <fmt/format.h>

#include <regex>

#include "base/text.h"
#include "simulator/content_calls.h"
#include "simulator/web.h"

namespace aegis::simulator {
namespace {

// Names lose their folders and everything that a file system or a URL could stumble over.
std::string plain_name(std::string_view name) {
  static const std::regex k_odd("[^A-Za-z0-9_.+-]");
  const std::string last(name.substr(name.find_last_of("/\\") + 1));
  return std::regex_replace(last, k_odd, "_");
}

bool has_right_ending(std::string_view content, const std::string& name) {
  static const std::regex k_image(".+\\.(iso|img|ISO|IMG)");
  static const std::regex k_template(".+\\.tar\\.(gz|xz|zst|bz2)");
  static const std::regex k_import(".+\\.(ova|qcow2|raw|vmdk)");
  if (content == "iso") return std::regex_match(name, k_image);
  return std::regex_match(name, content == "vztmpl" ? k_template : k_import);
}

// The volume that a new file would be; refuses storages that cannot take it and odd names.
Refusal plan_file(const World& world, const Call& call, std::string& volume_id) {
  const std::string name = call.text("storage");
  const std::string content = call.text("content");
  if (Refusal refusal = check_available(world, name)) return refusal;
  const Storage& storage = *world.storages.find(name);
  const bool has_files = storage.type != "zfspool" && storage.type != "lvm" &&
                         storage.type != "lvmthin" && storage.type != "pbs";
  if (!has_files) {
    return refuse(
        fmt::format("can't upload to storage type '{}', not a file based storage!", storage.type));
  }
  if (!Storages::holds(storage, content)) {
    return refuse(
        fmt::format("storage '{}' is not configured for content-type '{}'", name, content));
  }
  const std::string file = plain_name(call.text("filename"));
  if (!has_right_ending(content, file)) return invalid("filename", "wrong file extension");
  volume_id = fmt::format("{}:{}/{}", name, content, file);
  return {};
}

}  // namespace

Answer download_url(World& world, const Call& call) {
  const std::string node = "/nodes/" + world.node;
  if (Refusal refusal = require_network(world, call.caller, node)) return *refusal;
  std::string volume;
  if (Refusal refusal = plan_file(world, call, volume)) return *refusal;
  const std::string algorithm = call.text("checksum-algorithm");
  return answer(start_task(world,
                           call.caller,
                           "download",
                           plain_name(call.text("filename")),
                           {{"verb", "fetch"},
                            {"volume", volume},
                            {"path", volume_path(world, volume)},
                            {"url", call.text("url")},
                            {"algorithm", algorithm},
                            {"checksum", to_lower(call.text("checksum"))}}));
}

Answer upload_file(World& world, const Call& call) {
  std::string volume;
  if (Refusal refusal = plan_file(world, call, volume)) return *refusal;
  return answer(start_task(world,
                           call.caller,
                           "imgcopy",
                           "",
                           {{"verb", "upload"},
                            {"volume", volume},
                            {"size", world.uploaded.size()},
                            {"checksums", checksums_of(world.uploaded)},
                            {"algorithm", call.text("checksum-algorithm")},
                            {"checksum", to_lower(call.text("checksum"))}}));
}

Answer read_url_metadata(World& world, const Call& call) {
  const std::string node = "/nodes/" + world.node;
  if (Refusal refusal = require_network(world, call.caller, node)) return *refusal;
  const std::string url = call.text("url");
  const WebAnswer found = fetch(world, url);
  if (found.status == 0) {
    return refuse("invalid server response: '500 Can't connect (Connection refused)'");
  }
  if (found.status != 200) return refuse("invalid server response: '404 Not Found'");
  return answer({{"filename", file_name_of(url)},
                 {"size", found.body.size()},
                 {"mimetype", "application/octet-stream"}});
}

}  // namespace aegis::simulator
