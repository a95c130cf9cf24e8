#include "laws/random_sections.h"

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <vector>

#include "laws/random_manifest.h"
#include "manifest/schema.h"

namespace aegis::laws {
namespace {

const Json k_way_in = {{"node", "pve"},
                       {"url", "https://127.0.0.1:8006"},
                       {"user", "root@pam"},
                       {"password", "simulator"}};

Json container_schema() {
  Json schema = *member_schema(*member_schema(project_schema(), "containers"), "web");
  for (const char* key :
       {"password", "ssh_public_keys", "firewall", "protection", "clone", "lxc", "os", "window"}) {
    schema["properties"].erase(key);
  }
  return schema;
}

Json machine_schema() {
  Json schema = *member_schema(*member_schema(project_schema(), "machines"), "box");
  for (const char* key : {"clone", "protection", "firewall", "window"})
    schema["properties"].erase(key);
  schema["properties"]["cloudinit"]["properties"].erase("password");
  return schema;
}

/// A disk is one thing: a new volume, a copy of an image, or a CD-ROM.
void give_one_source(Json& disk, unsigned choice) {
  disk.erase("volume");
  const bool is_cdrom = choice == 0;
  for (const char* key : {"storage", "size", "import_from", "ssd", "iothread", "discard"}) {
    if (is_cdrom) disk.erase(key);
  }
  if (is_cdrom) {
    disk = {{"cdrom", "local:iso/debian-12.9.0-amd64-netinst.iso"}};
    return;
  }
  disk.erase("cdrom");
  if (choice == 1) disk["import_from"] = "local:import/debian-12-generic-amd64.qcow2";
  if (choice != 1) disk.erase("import_from");
  disk["storage"] = "local-zfs";
  disk["size"] = choice == 2 ? "2GiB" : "4GiB";
}

void keep_only(Json& object, const std::vector<std::string>& keys) {
  Json kept = Json::object();
  for (const auto& [key, value] : object.items()) {
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) kept[key] = value;
  }
  object = std::move(kept);
}

std::vector<std::string> names_in(const Json& object) {
  std::vector<std::string> names;
  if (!object.is_object()) return names;
  for (const auto& [name, value] : object.items()) names.push_back(name);
  return names;
}

// Keeps those words of a list that are among `known`.
void keep_known(Json& object, const char* key, const std::vector<std::string>& known) {
  if (!object.contains(key)) return;
  Json kept = Json::array();
  for (const Json& word : object[key]) {
    const bool is_known = std::find(known.begin(), known.end(), as_text(word)) != known.end();
    if (is_known) kept.push_back(word);
  }
  object[key] = std::move(kept);
}

void give_secrets(Json& value) {
  if (value.is_string() && as_text(value).starts_with("${")) value = "hunter22";
  if (!value.is_structured()) return;
  for (Json& member : value) give_secrets(member);
}

void mend_access(Json& access) {
  Json users = Json::object();
  for (const std::string& name : names_in(get(access, "users"))) {
    Json user = access["users"][name];
    user.erase("password");
    keep_known(user, "groups", names_in(get(access, "groups")));
    users[name.substr(0, name.find('@')) + (name.ends_with("@pve") ? "@pve" : "x@pve")] = user;
  }
  Json tokens = Json::object();
  for (const std::string& name : names_in(get(access, "tokens"))) {
    Json token = access["tokens"][name];
    const std::string label = name.substr(name.find('!') + 1);
    token["secret_file"] = label + ".token";
    tokens["ci@pve!" + label] = std::move(token);
  }
  if (!tokens.empty() && !users.contains("ci@pve")) users["ci@pve"] = Json::object();
  if (access.contains("users") || !tokens.empty()) access["users"] = users;
  if (access.contains("tokens")) access["tokens"] = tokens;
  // A guest is in one pool.
  bool is_free = true;
  for (const std::string& name : names_in(get(access, "pools"))) {
    Json& pool = access["pools"][name];
    if (pool.contains("containers")) pool["containers"] = Json::array();
    if (pool.contains("containers") && is_free) pool["containers"].push_back("web");
    if (pool.contains("storage")) pool["storage"] = Json::array();
    if (pool.contains("storage") && is_free) pool["storage"].push_back("local");
    is_free = false;
  }
}

void mend_endpoint(const std::string& name, Json& endpoint) {
  static const std::map<std::string, std::vector<std::string>> k_fields{
      {"sendmail",
       {"type", "comment", "disable", "mailto", "mailto-user", "from-address", "author"}},
      {"smtp",
       {"type",
        "comment",
        "disable",
        "mailto",
        "mailto-user",
        "from-address",
        "author",
        "server",
        "port",
        "mode",
        "username",
        "password"}},
      {"gotify", {"type", "comment", "disable", "server", "token"}},
      {"webhook", {"type", "comment", "disable", "url", "method", "header", "body", "secret"}}};
  // What another object refers to cannot become one of another type.
  const std::string type = name == "ops" ? "webhook" : "smtp";
  endpoint["type"] = type;
  keep_only(endpoint, k_fields.at(type));
  if (type == "sendmail" || type == "smtp") endpoint["mailto"] = {"ops@example.net"};
  if (type == "smtp") endpoint["from-address"] = "pve@example.net";
  if (type == "smtp") endpoint["server"] = "m.example.net";
  if (type == "gotify") endpoint["server"] = "https://gotify.example.net";
  if (type == "gotify") endpoint["token"] = "hunter22";
  if (type != "webhook") return;
  endpoint["url"] = get(endpoint, "secret").contains("hook")
                        ? "https://chat.example.net/{{ secrets.hook }}"
                        : "https://chat.example.net/x";
  if (!endpoint.contains("method")) endpoint["method"] = "post";
}

void mend_notifications(Json& notifications) {
  for (const std::string& name : names_in(get(notifications, "endpoints"))) {
    mend_endpoint(name, notifications["endpoints"][name]);
  }
  std::vector<std::string> known = names_in(get(notifications, "endpoints"));
  known.emplace_back("mail-to-root");
  for (const std::string& name : names_in(get(notifications, "matchers"))) {
    keep_known(notifications["matchers"][name], "target", known);
  }
}

// What a job is for is one thing.
void give_one_selection(Json& job, unsigned choice, const std::vector<std::string>& pools) {
  for (const char* key : {"vmid", "all", "pool", "exclude"}) job.erase(key);
  if (choice % 3 == 0) job["vmid"] = {103};
  if (choice % 3 == 1) job["all"] = true;
  if (choice % 6 == 1) job["exclude"] = {103};
  if (choice % 3 != 2) return;
  if (pools.empty()) {
    job["vmid"] = {103};
  } else {
    job["pool"] = pools.front();
  }
}

void mend_jobs(Json& jobs, unsigned seed, const std::vector<std::string>& pools) {
  for (const std::string& name : names_in(get(jobs, "backup"))) {
    Json& job = jobs["backup"][name];
    give_one_selection(job, seed++, pools);
    job["storage"] = "local";
    if (job.contains("node")) job["node"] = "pve";
    Json& prune = job["prune-backups"];
    if (get(prune, "keep-all") == 1) prune = {{"keep-all", 1}};
    if (prune.is_object() && !prune.contains("keep-all") && prune.empty())
      job.erase("prune-backups");
    if (get(job, "prune-backups").is_null()) job.erase("prune-backups");
  }
  for (const std::string& name : names_in(get(jobs, "replication"))) {
    jobs["replication"][name]["target"] = name.ends_with("-0") ? "fsn2" : "fsn3";
  }
}

void mend_ha(Json& ha, bool is_started) {
  for (const std::string& name : names_in(get(ha, "groups"))) {
    ha["groups"][name]["nodes"] = {"pve:2", "fsn2:1"};
  }
  if (!ha.contains("resources")) return;
  Json resources = Json::object();
  if (ha["resources"].contains("ct:103")) resources["ct:103"] = ha["resources"]["ct:103"];
  for (Json& resource : resources) {
    if (!get(ha, "groups").contains(text_or(resource, "group"))) resource.erase("group");
    resource["state"] = is_started ? "started" : "stopped";
  }
  ha["resources"] = std::move(resources);
}

}  // namespace

Json random_container(unsigned seed) {
  static const Json k_schema = container_schema();
  Json container = RandomManifest(seed).value(k_schema, "web");
  container["server"] = "fsn1";
  container["vmid"] = 103;
  container["template"] = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst";
  container["unprivileged"] = true;
  container["rootfs"]["storage"] = "local-zfs";
  container["rootfs"]["size"] = "8GiB";
  return container;
}

Json random_machine(unsigned seed) {
  static const Json k_schema = machine_schema();
  Json machine = RandomManifest(seed).value(k_schema, "box");
  machine["server"] = "fsn1";
  machine["vmid"] = 200;
  unsigned choice = seed;
  if (machine.contains("disks")) {
    for (auto& [key, disk] : machine["disks"].items()) give_one_source(disk, choice++ % 4);
  }
  machine.erase("boot");
  return machine;
}

Json random_section(const std::string& section, unsigned seed) {
  const Json& server = *member_schema(*member_schema(project_schema(), "servers"), "fsn1");
  return RandomManifest(seed).value(*member_schema(server, section), section);
}

Json project_of(const Json& sections) {
  Json server = sections;
  server["proxmox"] = k_way_in;
  return {{"servers", {{"fsn1", std::move(server)}}}};
}

Json random_project(unsigned seed) {
  constexpr std::array k_sections{"dns",
                                  "hosts",
                                  "time",
                                  "options",
                                  "repositories",
                                  "storage",
                                  "metrics",
                                  "firewall",
                                  "interfaces",
                                  "templates",
                                  "access",
                                  "notifications",
                                  "jobs",
                                  "ha"};
  std::mt19937 random(seed);
  Json sections = Json::object();
  for (const char* section : k_sections) {
    if (random() % 5 < 2) sections[section] = random_section(section, random());
  }
  Json container = random_container(random());
  // A directory or device of the host keeps it from being replicated or highly available.
  if (sections.contains("jobs") || sections.contains("ha")) {
    for (const char* key : {"mount_points", "devices"}) container.erase(key);
  }
  const bool is_started = text_or(container, "state", "started") == "started";
  if (random() % 2 == 0) {
    const Json& schema = *member_schema(
        *member_schema(*member_schema(project_schema(), "containers"), "web"), "firewall");
    container["firewall"] = RandomManifest(random()).value(schema, "firewall");
    // So that all names are known.
    sections["firewall"]["datacenter"].update(Json::object());
  }
  // Bridges that guests are on stay.
  if (sections.contains("interfaces")) {
    for (const char* bridge : {"vmbr0", "vmbr1"}) sections["interfaces"].erase(bridge);
    sections["interfaces"]["vmbr1"] = {{"type", "bridge"}, {"cidr", "10.10.10.1/24"}};
  }
  // What is refused as long as the node filters would be done by the run after the one that stops
  // it.
  if (get(get(get(sections, "firewall"), "node"), "enable") == false) {
    sections["firewall"]["datacenter"].update(Json::object());
    sections["firewall"]["datacenter"].erase("enable");
  }
  if (sections.contains("access")) mend_access(sections["access"]);
  if (sections.contains("notifications")) mend_notifications(sections["notifications"]);
  const auto pools = names_in(get(get(sections, "access"), "pools"));
  if (sections.contains("jobs")) mend_jobs(sections["jobs"], random(), pools);
  if (sections.contains("ha")) mend_ha(sections["ha"], is_started);
  give_secrets(sections);
  Json project = project_of(sections);
  project["containers"]["web"] = std::move(container);
  if (random() % 4 == 0) project["machines"]["box"] = random_machine(random());
  return project;
}

}  // namespace aegis::laws
