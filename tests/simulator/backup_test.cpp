#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "base/text.h"
#include "simulator/recorded.h"

namespace aegis::test {
namespace {

const std::string k_content = "/nodes/pve/storage/local/content";

std::vector<Json> archives(Testbed& bed, int vmid) {
  std::vector<Json> items;
  const std::string id = fmt::format("{}", vmid);
  for (const Json& item : bed.data(k_content, {{"content", "backup"}, {"vmid", id}})) {
    items.push_back(item);
  }
  return items;
}

// Backs 105 up and returns the newest archive.
std::string back_up(Testbed& bed, Testbed::Form more = {}) {
  Testbed::Form form{{"vmid", "105"}, {"storage", "local"}, {"compress", "zstd"}};
  form.insert(form.end(), more.begin(), more.end());
  REQUIRE(bed.exit_status(bed.post("/nodes/pve/vzdump", form)) == "OK");
  return text_or(archives(bed, 105).back(), "volid");
}

void make_app(Testbed& bed) {
  bed.make_container(105,
                     {{"hostname", "app"},
                      {"net0", "name=eth0,bridge=vmbr0"},
                      {"features", "nesting=1"},
                      {"memory", "300"},
                      {"description", "d2"}});
}

}  // namespace

TEST_CASE("a backup is an archive with notes and protection, whose configuration can be read") {
  Testbed bed;
  make_app(bed);
  const std::string id = back_up(
      bed,
      {{"remove", "0"}, {"protected", "1"}, {"notes-template", "{{guestname}} {{vmid}}\\nsecond"}});
  CHECK(id.starts_with("local:backup/vzdump-lxc-105-"));
  CHECK(id.ends_with(".tar.zst"));
  const Json item = archives(bed, 105).front();
  CHECK(item["notes"] == "app 105");
  CHECK(item["protected"] == 1);
  CHECK(item["subtype"] == "lxc");
  CHECK(item["format"] == "tar.zst");
  CHECK(bed.data(k_content + "/" + id)["notes"] == "app 105\nsecond");
  const Json conf = bed.data("/nodes/pve/vzdump/extractconfig", {{"volume", id}});
  CHECK(as_text(conf) == bed.host().conf_file(105));
}

TEST_CASE("the log of a backup names the archive's file and tells what is in it") {
  Testbed bed;
  bed.make_container(105, {{"hostname", "big"}, {"mp0", "data:1,mp=/nb"}, {"mp1", "/srv,mp=/srv"}});
  const simulator::Response begun =
      bed.post("/nodes/pve/vzdump", {{"vmid", "105"}, {"storage", "local"}, {"compress", "gzip"}});
  REQUIRE(bed.exit_status(begun) == "OK");
  const std::string upid = text_or(body_of(begun), "data");
  std::string log;
  for (const Json& line :
       bed.data(fmt::format("/nodes/pve/tasks/{}/log", percent_encode(upid)), {{"limit", "0"}})) {
    log += text_or(line, "t") + "\n";
  }
  INFO(log);
  const std::string id = text_or(archives(bed, 105).front(), "volid");
  const std::string file = "/var/lib/vz/dump/" + id.substr(id.find('/') + 1);
  for (const std::string& expected :
       {fmt::format("INFO: creating vzdump archive '{}'\n", file),
        std::string("INFO: Starting Backup of VM 105 (lxc)\n"),
        std::string("INFO: CT Name: big\n"),
        std::string("INFO: including mount point rootfs ('/') in backup\n"),
        std::string("INFO: excluding volume mount point mp0 ('/nb') from backup (disabled)\n"),
        std::string("INFO: excluding bind mount point mp1 ('/srv') from backup (not a volume)\n"),
        std::string("INFO: Backup job finished successfully\n")}) {
    INFO(expected);
    CHECK(log.find(expected) != std::string::npos);
  }
}

TEST_CASE("what is wrong with a backup shows in its task, as recorded") {
  Testbed bed;
  make_app(bed);
  const std::string vzdump = "./vzdump";
  replay(bed,
         {{"POST", vzdump, "vmid=4242  storage=local", 200, "task job errors"},
          {"POST",
           vzdump,
           "vmid=105  storage=data",
           200,
           "task could not get storage information for 'data': can't use storage 'data' for "
           "backups - wrong content type"},
          {"POST",
           vzdump,
           "vmid=105  storage=nostore",
           200,
           "task could not activate storage 'nostore': storage 'nostore' does not exist could not "
           "get storage information for 'nostore': storage 'nostore' does not exist"},
          {"POST", vzdump, "storage=local", 400, "vmid| property is missing"},
          {"POST", vzdump, "all=1  exclude=105  storage=local", 200, R"("OK")"}});
  CHECK(archives(bed, 105).empty());
  CHECK(config_value(bed, 105, "lock") == "-");
}

TEST_CASE("a guest is locked while its backup runs, and free after it") {
  const ManualClock clock;
  simulator::SimulatorOptions options = recorded_options(clock);
  options.task_duration = std::chrono::seconds(30);
  Testbed bed(options);
  bed.host().populate({.count = 1, .first_vmid = 105, .running = true});
  const simulator::Response begun =
      bed.post("/nodes/pve/vzdump", {{"vmid", "105"}, {"storage", "local"}});
  REQUIRE(begun.status == 200);
  CHECK(config_value(bed, 105, "lock") == "backup");
  CHECK(message_of(bed.put("/nodes/pve/lxc/105/config", {{"cores", "1"}})) ==
        "CT is locked (backup)");
  CHECK(message_of(bed.remove("/nodes/pve/lxc/105")) == "CT is locked (backup)");
  CHECK(archives(bed, 105).empty());
  clock.advance(std::chrono::seconds(31));
  CHECK(bed.exit_status(begun) == "OK");
  CHECK(config_value(bed, 105, "lock") == "-");
  CHECK(config_value(bed, 105, "parent") == "-");
  CHECK(archives(bed, 105).size() == 1);
}

TEST_CASE("a guest that is locked already is not backed up, and stays locked") {
  Testbed bed;
  make_app(bed);
  bed.configure(105, {{"lock", "migrate"}});
  replay(bed, {{"POST", "./vzdump", "vmid=105  storage=local", 200, "task job errors"}});
  CHECK(config_value(bed, 105, "lock") == "migrate");
  CHECK(archives(bed, 105).empty());
}

TEST_CASE("root disks always go along, mount points when they say so") {
  Testbed bed;
  bed.make_container(
      105, {{"mp0", "data:1,mp=/a"}, {"mp1", "data:2,mp=/b,backup=1"}, {"mp2", "/srv,mp=/c"}});
  back_up(bed);
  const std::int64_t whole = archives(bed, 105).back()["size"];
  bed.configure(105, {{"delete", "mp1"}});
  back_up(bed);
  const std::int64_t less = archives(bed, 105).back()["size"];
  CHECK(whole == 3 * less);
}

TEST_CASE("protected archives stay, others are removed by a task") {
  Testbed bed;
  make_app(bed);
  const std::string id = back_up(bed, {{"protected", "1"}});
  const std::string path = k_content + "/" + id;
  const std::string name = id.substr(id.find(':') + 1);
  const std::string refused = fmt::format("cannot remove protected volume '{}' on 'local'", name);
  CHECK(bed.exit_status(bed.remove(path)) == refused);
  CHECK(message_of(bed.remove(path, {{"delay", "5"}})) == refused);
  CHECK(bed.put(path, {{"protected", "0"}}).status == 200);
  CHECK(bed.exit_status(bed.remove(path)) == "OK");
  CHECK(archives(bed, 105).empty());
}

TEST_CASE("retention keeps the newest, by the call's rules or those of the storage") {
  const ManualClock clock;
  Testbed bed(recorded_options(clock));
  make_app(bed);
  const std::string first = back_up(bed, {{"protected", "1"}});
  for (int i = 0; i < 3; ++i) {
    clock.advance(std::chrono::hours(24));
    back_up(bed);
  }
  CHECK(archives(bed, 105).size() == 4);
  const Json marks = bed.data("/nodes/pve/storage/local/prunebackups",
                              {{"vmid", "105"}, {"prune-backups", "keep-last=1"}});
  std::string text;
  for (const Json& mark : marks) text += text_or(mark, "mark") + " ";
  CHECK(text == "protected remove remove keep ");
  CHECK(bed.put("/storage/local", {{"prune-backups", "keep-daily=2"}}).status == 200);
  const Testbed::Form more{{"vmid", "105"}, {"storage", "local"}, {"remove", "0"}};
  CHECK(bed.exit_status(bed.post("/nodes/pve/vzdump", more)) == "job errors");
  back_up(bed);
  CHECK(archives(bed, 105).size() == 3);
  CHECK(text_or(archives(bed, 105).front(), "volid") == first);
  CHECK(bed.exit_status(bed.remove("/nodes/pve/storage/local/prunebackups",
                                   {{"prune-backups", "keep-last=1"}})) == "OK");
  CHECK(archives(bed, 105).size() == 2);
}

TEST_CASE("archives are restored as recorded") {
  Testbed bed;
  make_app(bed);
  const std::string net = config_value(bed, 105, "net0");
  const std::string id = back_up(bed);
  bed.configure(105, {{"memory", "512"}});
  bed.post("/nodes/pve/lxc/105/snapshot", {{"snapname", "s1"}});
  bed.post("/nodes/pve/lxc/105/status/start");
  const std::string form = "vmid=105  ostemplate=" + id + "  restore=1  storage=data";
  replay(bed,
         {{"POST", "./lxc", form, 500, "CT 105 already exists on node 'pve'"},
          {"POST", "./lxc", form + "  force=1", 500, "can't overwrite running container"},
          {"POST", "./lxc/105/status/stop", "", 200, "task OK"},
          {"POST", "./lxc", form + "  force=1  memory=450", 200, "task OK"}});
  CHECK(config_value(bed, 105, "memory") == "450");
  CHECK(config_value(bed, 105, "rootfs") == "data:105/vm-105-disk-1.raw,size=1G");
  CHECK(config_value(bed, 105, "description") == "d2\n");
  CHECK(config_value(bed, 105, "parent") == "-");
  CHECK(bed.data("/nodes/pve/lxc/105/snapshot").size() == 1);
  CHECK(bed.data("/nodes/pve/storage/data/content").size() == 1);

  const std::string other = "  ostemplate=" + id + "  restore=1";
  replay(
      bed,
      {{"POST", "./lxc", "vmid=107" + other + "  storage=data  unique=1  start=1", 200, "task OK"},
       {"POST", "./lxc", "vmid=108" + other, 200, "task OK"},
       {"POST",
        "./lxc",
        "vmid=109  ostemplate=" + id + "  unique=1  storage=data",
        400,
        "restore| missing property - 'unique' requires this property"}});
  CHECK(config_value(bed, 107, "net0") != net);
  CHECK(bed.data("/nodes/pve/lxc/107/status/current")["status"] == "running");
  CHECK(config_value(bed, 108, "net0") == net);
  CHECK(config_value(bed, 108, "rootfs") == "local:108/vm-108-disk-0.raw,size=1G");
  CHECK(config_value(bed, 108, "unprivileged") == "1");
}

TEST_CASE("an archive that is not there costs nothing") {
  Testbed bed;
  make_app(bed);
  const std::string conf = bed.host().conf_file(105);
  const std::string archive = "local:backup/vzdump-lxc-105-2020_01_01-00_00_00.tar.zst";
  const std::string form = "  ostemplate=" + archive + "  restore=1  storage=data";
  replay(bed,
         {{"POST",
           "./lxc",
           "vmid=105  force=1" + form,
           200,
           "task unable to restore CT 105 - volume '" + archive + "' does not exist"},
          {"POST",
           "./lxc",
           "vmid=110" + form,
           200,
           "task unable to restore CT 110 - volume '" + archive + "' does not exist"}});
  CHECK(bed.host().conf_file(105) == conf);
  CHECK(bed.data("/nodes/pve/lxc").size() == 1);
}

TEST_CASE("backups and restores need rights of their own") {
  Testbed bed;
  make_app(bed);
  const std::string id = back_up(bed);
  bed.configure(105, {{"mp0", "/srv,mp=/srv"}});
  const std::string with_bind = back_up(bed);
  const std::string admin = bed.make_token("aegis@pve", "Administrator", "/");
  const std::string limited = bed.make_token("vms@pve", "PVEVMAdmin", "/vms");
  bed.as(limited);
  replay(bed,
         {{"POST",
           "./vzdump",
           "vmid=105  storage=local",
           403,
           "Permission check failed (/storage/local, Datastore.AllocateSpace)"}});
  bed.as(admin);
  replay(bed,
         {{"POST",
           "./lxc",
           "vmid=109  ostemplate=" + id +
               "  restore=1  storage=data  hostname=renamed  unprivileged=0  features=nesting=1",
           403,
           "Permission check failed (changing feature flags for privileged container is only "
           "allowed for root@pam)"},
          {"POST",
           "./lxc",
           "vmid=109  ostemplate=" + with_bind + "  restore=1  storage=data",
           500,
           "mp0: only root@pam may restore bind and device mounts"}});
}

}  // namespace aegis::test
