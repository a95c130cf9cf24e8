#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "base/text.h"
#include "simulator/testbed.h"

namespace aegis::test {
namespace {

// A host with machine 200, of which one disk is not backed up, and an archive of it.
struct Restores : Testbed {
  explicit Restores(simulator::SimulatorOptions options = recorded_options())
      : Testbed(std::move(options)) {
    make_machine(200,
                 {{"name", "web"},
                  {"memory", "1024"},
                  {"net0", "virtio,bridge=vmbr0"},
                  {"scsi0", "data:8"},
                  {"scsi1", "data:2,backup=0"},
                  {"ide2", "data:cloudinit"}});
  }

  void make_machine(int vmid, Form form) {
    form.emplace_back("vmid", fmt::format("{}", vmid));
    REQUIRE(exit_status(post("/nodes/pve/qemu", form)) == "OK");
  }

  std::string back_up(Form more = {}) {
    more.insert(more.begin(), {{"vmid", "200"}, {"storage", "local"}, {"compress", "zstd"}});
    REQUIRE(exit_status(post("/nodes/pve/vzdump", more)) == "OK");
    return text_or(archives().back(), "volid");
  }

  Json archives() {
    return data("/nodes/pve/storage/local/content", {{"content", "backup"}, {"vmid", "200"}});
  }

  simulator::Response restore(int vmid, const std::string& archive, Form more = {}) {
    more.insert(more.begin(), {{"vmid", fmt::format("{}", vmid)}, {"archive", archive}});
    return post("/nodes/pve/qemu", more);
  }

  std::string value(int vmid, const std::string& key) {
    return as_text(aegis::get(data(fmt::format("/nodes/pve/qemu/{}/config", vmid)), key));
  }

  std::size_t disks(int vmid) {
    return data("/nodes/pve/storage/data/content", {{"vmid", fmt::format("{}", vmid)}}).size();
  }
};

}  // namespace

TEST_CASE("a machine's backup is an archive of its configuration and of the disks that want one") {
  Restores bed;
  const simulator::Response begun = bed.post("/nodes/pve/vzdump",
                                             {{"vmid", "200"},
                                              {"storage", "local"},
                                              {"compress", "zstd"},
                                              {"notes-template", "{{guestname}}"}});
  REQUIRE(bed.exit_status(begun) == "OK");
  const Json item = bed.archives().at(0);
  CHECK(text_or(item, "volid").starts_with("local:backup/vzdump-qemu-200-"));
  CHECK(text_or(item, "volid").ends_with(".vma.zst"));
  CHECK(item["subtype"] == "qemu");
  CHECK(item["format"] == "vma.zst");
  CHECK(item["notes"] == "web");
  const Json conf = bed.data("/nodes/pve/vzdump/extractconfig", {{"volume", item["volid"]}});
  CHECK(as_text(conf) == bed.host().conf_file(200));
  std::string log;
  const std::string upid = percent_encode(text_or(body_of(begun), "data"));
  for (const Json& line : bed.data("/nodes/pve/tasks/" + upid + "/log", {{"limit", "0"}})) {
    log += text_or(line, "t") + "\n";
  }
  CHECK(log.find("INFO: Starting Backup of VM 200 (qemu)\n") != std::string::npos);
  CHECK(log.find("INFO: VM Name: web\n") != std::string::npos);
  CHECK(log.find("INFO: include disk 'scsi0' 'data:200/vm-200-disk-0.raw' 8G\n") !=
        std::string::npos);
  CHECK(log.find("INFO: exclude disk 'scsi1'") != std::string::npos);
}

TEST_CASE("a backup of all guests has the machines too, and is pruned by their type") {
  Restores bed;
  bed.make_container(105);
  REQUIRE(bed.exit_status(bed.post("/nodes/pve/vzdump", {{"all", "1"}, {"storage", "local"}})) ==
          "OK");
  CHECK(bed.archives().size() == 1);
  const Json marks = bed.data("/nodes/pve/storage/local/prunebackups", {{"type", "qemu"}});
  REQUIRE(marks.size() == 1);
  CHECK(marks[0]["vmid"] == 200);
  CHECK(marks[0]["type"] == "qemu");
}

TEST_CASE("a machine is restored beside, with its disks, and with other addresses if asked") {
  Restores bed;
  const std::string archive = bed.back_up();
  REQUIRE(bed.exit_status(bed.restore(201, archive)) == "OK");
  CHECK(bed.value(201, "name") == "web");
  CHECK(bed.value(201, "scsi0") == "data:201/vm-201-disk-0.raw,size=8G");
  CHECK(bed.value(201, "scsi1") == "");
  CHECK(bed.value(201, "ide2").find("cloudinit") != std::string::npos);
  CHECK(bed.value(201, "net0") == bed.value(200, "net0"));
  CHECK(bed.value(201, "vmgenid") != bed.value(200, "vmgenid"));
  REQUIRE(bed.exit_status(bed.restore(
              202, archive, {{"unique", "1"}, {"memory", "2048"}, {"start", "1"}})) == "OK");
  CHECK(bed.value(202, "net0") != bed.value(200, "net0"));
  CHECK(bed.value(202, "smbios1") != bed.value(200, "smbios1"));
  CHECK(bed.value(202, "memory") == "2048");
  CHECK(bed.data("/nodes/pve/qemu/202/status/current")["status"] == "running");
}

TEST_CASE("a machine is overwritten only when it is stopped and free, and keeps other disks") {
  Restores bed;
  const std::string archive = bed.back_up();
  REQUIRE(bed.exit_status(bed.put("/nodes/pve/qemu/200/config", {{"memory", "4096"}})).empty());
  CHECK(message_of(bed.restore(200, archive)) ==
        "unable to restore VM 200 - VM 200 already exists on node 'pve'");
  REQUIRE(bed.exit_status(bed.post("/nodes/pve/qemu/200/status/start")) == "OK");
  CHECK(message_of(bed.restore(200, archive, {{"force", "1"}})) ==
        "unable to restore VM 200 - vm is running");
  REQUIRE(bed.exit_status(bed.post("/nodes/pve/qemu/200/status/stop")) == "OK");
  const std::size_t disks = bed.disks(200);
  REQUIRE(bed.exit_status(bed.restore(200, archive, {{"force", "1"}})) == "OK");
  CHECK(bed.value(200, "memory") == "1024");
  CHECK(bed.value(200, "lock") == "");
  // What no backup has is kept.
  CHECK(bed.value(200, "unused0").starts_with("data:200/vm-200-disk-1"));
  CHECK(bed.disks(200) == disks);
  REQUIRE(bed.exit_status(bed.put("/nodes/pve/qemu/200/config", {{"protection", "1"}})).empty());
  CHECK(message_of(bed.restore(200, archive, {{"force", "1"}})) ==
        "unable to restore VM 200 - protection mode enabled");
}

TEST_CASE("a restore of a machine that fails leaves what was there, and nothing new") {
  Restores bed;
  const std::string archive = bed.back_up();
  const std::string before = bed.host().conf_file(200);
  const std::string missing = "local:backup/vzdump-qemu-200-2020_01_01-00_00_00.vma.zst";
  for (const int vmid : {200, 201}) {
    const simulator::Response begun = bed.restore(vmid, missing, {{"force", "1"}});
    CHECK(bed.exit_status(begun) ==
          fmt::format("unable to restore VM {} - volume '{}' does not exist", vmid, missing));
  }
  CHECK(bed.host().conf_file(200) == before);
  CHECK(bed.host().conf_file(201).empty());
  CHECK(message_of(bed.restore(201, archive, {{"storage", "nosuch"}})) ==
        "storage 'nosuch' does not exist");
  CHECK(complaint_of(bed.restore(201, archive, {{"scsi0", "data:4"}}), "archive") ==
        "option conflicts with other options (scsi0)");
  CHECK(bed.host().conf_file(201).empty());
}

TEST_CASE("a locked machine fails its part of a backup, and a machine is locked during its own") {
  ManualClock clock;
  simulator::SimulatorOptions options = recorded_options(clock);
  Restores bed(options);
  bed.host().hold_lock(200, std::chrono::hours(1));
  CHECK(bed.exit_status(bed.post("/nodes/pve/vzdump", {{"vmid", "200"}, {"storage", "local"}})) ==
        "job errors");
  CHECK(bed.archives().empty());
}

}  // namespace aegis::test
