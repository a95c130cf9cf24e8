#include "simulator/content_calls.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace aegis::simulator {
namespace {

// The volume id that the path names, with or without its storage.
Refusal read_volume_id(const Call& call, std::string& id) {
  const std::string storage = call.text("storage");
  const std::string volume = call.text("volume");
  if (volume.find(':') == std::string::npos) {
    id = fmt::format("{}:{}", storage, volume);
    return {};
  }
  id = volume;
  if (storage_of(volume) == storage) return {};
  return invalid("storage",
                 fmt::format("storage ID mismatch ({} != {})", storage, storage_of(volume)));
}

Answer missing_volume(const std::string& id) {
  return refuse(fmt::format("volume_size_info on '{}' failed", id));
}

// The guest that owns the volume, by the name alone: the file need not be there.
std::string owner_of(const std::string& id) {
  const std::vector<std::string> pieces = split_any(id, ":/-");
  const auto is_number = [](const std::string& piece) {
    return piece.size() >= 3 && piece.find_first_not_of("0123456789") == std::string::npos;
  };
  const auto owner = std::find_if(pieces.begin(), pieces.end(), is_number);
  const bool is_owned = id.find(":iso/") == std::string::npos &&
                        id.find(":vztmpl/") == std::string::npos &&
                        id.find(":snippets/") == std::string::npos;
  return owner == pieces.end() || !is_owned ? "" : *owner;
}

Refusal check_delete_rights(const World& world, const Call& call, const std::string& id) {
  const std::string path = "/storage/" + call.text("storage");
  const std::string owner = owner_of(id);
  const bool is_backup = id.find(":backup/") != std::string::npos;
  if (!is_backup || owner.empty()) {
    return require(world, call.caller, path, {"Datastore.Allocate"});
  }
  if (Refusal refusal = require(world, call.caller, path, {"Datastore.AllocateSpace"})) {
    return refusal;
  }
  return require(world, call.caller, "/vms/" + owner, {"VM.Backup"});
}

// With a delay the call waits for the task, and its end is the answer.
Answer wait_for(World& world, const std::string& upid, std::chrono::seconds limit) {
  Task* task = world.tasks.find(upid);
  if (task->running && task->ends - world.now() <= limit) {
    world.waited += std::chrono::duration_cast<std::chrono::milliseconds>(task->ends - world.now());
    task->ends = world.now();
    settle(world);
    task = world.tasks.find(upid);
  }
  if (task->running) return answer(upid);
  return task->exit_status == "OK" ? answer() : refuse(task->exit_status);
}

}  // namespace

bool sees_volume(const World& world,
                 const Caller& caller,
                 const std::string& storage,
                 const Volume& volume) {
  const std::string path = "/storage/" + storage;
  const std::string guest = fmt::format("/vms/{}", volume.vmid);
  if (may(world, caller, path, {"Datastore.Allocate"})) return true;
  if (volume.content == "iso" || volume.content == "vztmpl") {
    return may(world, caller, path, {"Datastore.Audit", "Datastore.AllocateSpace"});
  }
  if (volume.content == "backup") {
    return may(world, caller, path, {"Datastore.AllocateSpace"}) &&
           may(world, caller, guest, {"VM.Backup"});
  }
  if (volume.content == "rootdir" || volume.content == "images") {
    return may(world, caller, path, {"Datastore.Audit"}) &&
           may(world, caller, guest, {"VM.Config.Disk"});
  }
  return false;
}

std::string volume_path(const World& world, std::string_view volume_id) {
  const Section* section = world.files.at(std::string(k_storage_file)).find(storage_of(volume_id));
  std::string name(volume_id.substr(volume_id.find(':') + 1));
  if (section == nullptr) return name;
  const auto mountpoint = section->values.find("mountpoint");
  if (mountpoint != section->values.end()) return fmt::format("{}/{}", mountpoint->second, name);
  const auto base = section->values.find("path");
  if (base == section->values.end()) return fmt::format("/dev/{}", name);
  const std::string file = name.substr(name.find('/') + 1);
  if (name.starts_with("vztmpl/")) return fmt::format("{}/template/cache/{}", base->second, file);
  if (name.starts_with("iso/")) return fmt::format("{}/template/iso/{}", base->second, file);
  if (name.starts_with("backup/")) return fmt::format("{}/dump/{}", base->second, file);
  if (name.starts_with("snippets/")) return fmt::format("{}/snippets/{}", base->second, file);
  if (name.starts_with("import/")) return fmt::format("{}/import/{}", base->second, file);
  return fmt::format("{}/images/{}", base->second, name);
}

Answer read_volume(World& world, const Call& call) {
  std::string id;
  if (Refusal refusal = read_volume_id(call, id)) return *refusal;
  if (Refusal refusal = check_available(world, call.text("storage"))) return *refusal;
  const auto found = world.storages.volumes.find(id);
  if (found == world.storages.volumes.end()) return missing_volume(id);
  const Volume& volume = found->second;
  if (!sees_volume(world, call.caller, call.text("storage"), volume)) {
    return refuse("Permission check failed", 403);
  }
  Json item{{"path", volume_path(world, id)},
            {"size", volume.size},
            {"used", volume.size},
            {"format", id.find(":subvol-") == std::string::npos ? "raw" : "subvol"}};
  if (!volume.notes.empty()) item["notes"] = volume.notes;
  if (volume.is_protected) item["protected"] = 1;
  return answer(std::move(item));
}

Answer update_volume(World& world, const Call& call) {
  std::string id;
  if (Refusal refusal = read_volume_id(call, id)) return *refusal;
  if (Refusal refusal = check_available(world, call.text("storage"))) return *refusal;
  const auto found = world.storages.volumes.find(id);
  if (found == world.storages.volumes.end()) return missing_volume(id);
  Volume& volume = found->second;
  if (!sees_volume(world, call.caller, call.text("storage"), volume)) {
    return refuse("Permission check failed", 403);
  }
  const std::string wanted = call.has("notes") ? "notes" : "protected";
  if (volume.content != "backup" && (call.has("notes") || call.has("protected"))) {
    return refuse(fmt::format("unable to set '{}': '{}' is not a backup", wanted, id));
  }
  if (call.has("notes")) volume.notes = call.text("notes");
  if (call.has("protected")) volume.is_protected = call.flag("protected");
  return answer();
}

Answer delete_volume(World& world, const Call& call) {
  std::string id;
  if (Refusal refusal = read_volume_id(call, id)) return *refusal;
  if (Refusal refusal = check_available(world, call.text("storage"))) return *refusal;
  if (Refusal refusal = check_delete_rights(world, call, id)) return *refusal;
  const std::string owner = owner_of(id);
  const std::string worker =
      fmt::format("{}{}{}", owner, owner.empty() ? "" : "@", call.text("storage"));
  const std::string upid =
      start_task(world, call.caller, "imgdel", worker, {{"verb", "remove_volume"}, {"volume", id}});
  if (!call.has("delay")) return answer(upid);
  return wait_for(world, upid, std::chrono::seconds(call.number("delay")));
}

}  // namespace aegis::simulator
