#include <fmt/format.h>

#include "base/digest.h"
#include "base/text.h"
#include "simulator/node_calls.h"
#include "simulator/storage_setup.h"
#include "simulator/storage_types.h"

namespace aegis::simulator {
namespace {

SectionFile& storage_file(World& world) {
  return world.files[std::string(k_storage_file)];
}

Answer failed_to(std::string_view verb, const Answer& why) {
  return refuse(fmt::format("{} storage failed: {}", verb, why.message));
}

Answer missing(const std::string& name) {
  return refuse(fmt::format("storage '{}' does not exist", name));
}

Json config_item(const World& world, const std::string& name, const Section& section) {
  Json item = section_json(section, new_storage_fields());
  item["storage"] = name;
  item["type"] = section.type;
  const StorageKind* kind = storage_kind(section.type);
  if (kind != nullptr && kind->shared) item["shared"] = 1;
  item["digest"] = world.files.at(std::string(k_storage_file)).digest();
  return item;
}

SectionValues values_of(const Call& call) {
  SectionValues values;
  for (const auto& [name, value] : call.parameters) {
    const bool about_the_call =
        name == "storage" || name == "type" || name == "delete" || name == "digest";
    if (about_the_call) continue;
    values[name] = name == "content" ? stored_content(value) : value;
  }
  return values;
}

// What a definition gets beside what was asked for.
void complete(const std::string& id, Section& section) {
  const StorageKind* kind = storage_kind(section.type);
  if (kind != nullptr && !section.values.contains("content")) {
    section.values["content"] = stored_content(kind->default_content);
  }
  if (section.type == "nfs" || section.type == "cifs") {
    section.values.emplace("path", fmt::format("/mnt/pve/{}", id));
  }
  if (section.type == "zfspool") {
    section.values.emplace("mountpoint", fmt::format("/{}", section.values["pool"]));
  }
}

// Keys of a backup server are kept apart; the definition shows that there is one, and the answer
// tells a key that the host made.
Json take_keys(World& world, Section& section) {
  Json told = Json::object();
  const auto key = section.secrets.find("encryption-key");
  if (key != section.secrets.end()) {
    if (key->second == "autogen") {
      key->second = dump_json({{"kdf", nullptr}, {"data", world.random.hex(32)}});
      told["encryption-key"] = key->second;
    }
    section.values["encryption-key"] = sha256_hex(key->second);
  } else {
    section.values.erase("encryption-key");
  }
  if (section.secrets.contains("master-pubkey")) {
    section.values["master-pubkey"] = std::string("1");
  } else {
    section.values.erase("master-pubkey");
  }
  return told;
}

Answer written(const std::string& name, const std::string& type, Json told) {
  Json data{{"storage", name}, {"type", type}};
  if (!told.empty()) data["config"] = std::move(told);
  return answer(std::move(data));
}

}  // namespace

Answer list_storage_config(World& world, const Call& call) {
  Json items = Json::array();
  for (const auto& [name, section] : storage_file(world).sections) {
    if (call.has("type") && call.text("type") != section.type) continue;
    const bool sees =
        may(world, call.caller, "/storage/" + name, {"Datastore.Audit", "Datastore.AllocateSpace"});
    if (sees) items.push_back(config_item(world, name, section));
  }
  return answer(std::move(items));
}

Answer read_storage_config(World& world, const Call& call) {
  const std::string name = call.text("storage");
  const Section* section = storage_file(world).find(name);
  return section == nullptr ? missing(name) : answer(config_item(world, name, *section));
}

Answer create_storage(World& world, const Call& call) {
  const std::string name = call.text("storage");
  const std::string type_name = call.text("type");
  const SectionType* type = find_type(storage_types(), type_name);
  if (type == nullptr) {
    return refuse(fmt::format("the simulated host has no storage of type '{}'", type_name), 501);
  }
  Section section{type_name, {}, {}};
  const SectionValues values = values_of(call);
  if (Refusal refusal = check_new_section(*type, values)) return *refusal;
  if (Refusal refusal = check_content(type_name, call.text("content"))) return *refusal;
  if (storage_file(world).find(name) != nullptr) {
    return failed_to("create", refuse(fmt::format("storage ID '{}' already defined", name)));
  }
  set_values(*type, values, section);
  complete(name, section);
  const std::string problem = activation_problem(world, name, section);
  if (!problem.empty()) return failed_to("create", refuse(problem));
  Json told = take_keys(world, section);
  storage_file(world).sections[name] = std::move(section);
  refresh_storages(world);
  return written(name, type_name, std::move(told));
}

Answer update_storage(World& world, const Call& call) {
  const std::string name = call.text("storage");
  SectionFile& file = storage_file(world);
  if (Refusal refusal = check_file_digest(call.text("digest"), file.digest())) {
    return failed_to("update", *refusal);
  }
  const Section* present = file.find(name);
  if (present == nullptr) return failed_to("update", missing(name));
  // Worked out on a copy: a refusal must leave nothing behind.
  Section section = *present;
  const SectionType& type = *find_type(storage_types(), section.type);
  if (Refusal refusal = check_content(section.type, call.text("content"))) {
    return failed_to("update", *refusal);
  }
  const std::vector<std::string> remove = split_any(call.text("delete"), ", ;");
  if (Refusal refusal = update_section(type, values_of(call), remove, section)) {
    return failed_to("update", *refusal);
  }
  complete(name, section);
  Json told = take_keys(world, section);
  const std::string type_name = section.type;
  file.sections[name] = std::move(section);
  refresh_storages(world);
  return written(name, type_name, std::move(told));
}

Answer delete_storage(World& world, const Call& call) {
  const std::string name = call.text("storage");
  if (storage_file(world).sections.erase(name) == 0) return failed_to("delete", missing(name));
  const std::string path = "/storage/" + name;
  std::erase_if(world.access.acl, [&](const AclEntry& entry) { return entry.path == path; });
  refresh_storages(world);
  return answer();
}

}  // namespace aegis::simulator
