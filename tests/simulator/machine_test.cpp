#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "base/text.h"
#include "simulator/testbed.h"

namespace aegis::test {
namespace {

constexpr std::string_view k_disk_image = "local:import/cloud.qcow2";

simulator::SimulatorOptions with_images() {
  simulator::SimulatorOptions options = recorded_options();
  options.storages[0].content += ",import";
  options.files.emplace_back("local:iso/install.iso");
  options.files.emplace_back(k_disk_image);
  return options;
}

// A host on which machine 200 is, with more keys.
struct Machines : Testbed {
  Machines() : Testbed(with_images()) {}

  void make(int vmid, Form form = {}) {
    form.emplace_back("vmid", fmt::format("{}", vmid));
    REQUIRE(exit_status(post("/nodes/pve/qemu", form)) == "OK");
  }

  std::string path(int vmid, const std::string& rest) const {
    return fmt::format("/nodes/pve/qemu/{}{}", vmid, rest);
  }

  void start(int vmid) { REQUIRE(exit_status(post(path(vmid, "/status/start"))) == "OK"); }

  std::string value(int vmid, const std::string& key, bool in_force = false) {
    const Form query = in_force ? Form{{"current", "1"}} : Form{};
    return as_text(aegis::get(data(path(vmid, "/config"), query), key));
  }

  simulator::Response change(int vmid, const Form& form) {
    return put(path(vmid, "/config"), form);
  }
};

}  // namespace

TEST_CASE("a new machine has its disks, a MAC address, a boot order and its own ids") {
  Machines bed;
  bed.make(200,
           {{"name", "web"},
            {"scsi0", "data:8,ssd=1"},
            {"ide2", "local:iso/install.iso,media=cdrom"},
            {"net0", "virtio,bridge=vmbr0"}});
  CHECK(bed.value(200, "scsi0") == "data:200/vm-200-disk-0.raw,size=8G,ssd=1");
  CHECK(bed.value(200, "net0").starts_with("virtio=BC:24:11:"));
  CHECK(bed.value(200, "boot") == "order=scsi0;ide2;net0");
  CHECK(bed.value(200, "smbios1").starts_with("uuid="));
  CHECK(bed.value(200, "ide2") == "local:iso/install.iso,media=cdrom,size=120M");
  const Json list = bed.data("/nodes/pve/qemu");
  REQUIRE(list.size() == 1);
  CHECK(get(list[0], "name") == "web");
  CHECK(get(bed.data("/cluster/resources", {{"type", "vm"}})[0], "id") == "qemu/200");
}

TEST_CASE("containers and machines take their ids from one set") {
  Machines bed;
  bed.make_container(100);
  bed.make(200);
  CHECK(message_of(bed.post("/nodes/pve/qemu", {{"vmid", "100"}})) ==
        "unable to create VM 100 - CT 100 already exists on node 'pve'");
  CHECK(message_of(bed.post("/nodes/pve/lxc",
                            {{"vmid", "200"}, {"ostemplate", std::string(k_template)}})) ==
        "VM 200 already exists on node 'pve'");
  CHECK(bed.data("/cluster/nextid") == "101");
}

TEST_CASE("an image is imported with its size, and only in the special form") {
  Machines bed;
  bed.make(200, {{"scsi0", fmt::format("data:0,import-from={}", k_disk_image)}});
  CHECK(bed.value(200, "scsi0") == "data:200/vm-200-disk-0.raw,size=120M");
  const auto wrong =
      bed.post("/nodes/pve/qemu",
               {{"vmid", "201"}, {"scsi0", fmt::format("data:4,import-from={}", k_disk_image)}});
  CHECK(complaint_of(wrong, "scsi0") ==
        "'import-from' requires special syntax - use <storage ID>:0,import-from=<source>");
  const auto iso =
      bed.post("/nodes/pve/qemu", {{"vmid", "201"}, {"scsi0", "local:iso/install.iso"}});
  CHECK(complaint_of(iso, "scsi0") == "explicit 'media=cdrom' is required for iso images");
}

TEST_CASE("a machine that cannot be made leaves nothing behind") {
  Machines bed;
  const auto made = bed.post("/nodes/pve/qemu",
                             {{"vmid", "200"},
                              {"scsi0", "data:8"},
                              {"scsi1", "data:0,import-from=local:import/no.qcow2"}});
  CHECK(bed.exit_status(made).find("does not exist") != std::string::npos);
  CHECK(bed.data("/nodes/pve/qemu").empty());
  CHECK(bed.data("/nodes/pve/storage/data/content").empty());
}

TEST_CASE("a running machine takes at once what its hotplug setting allows") {
  Machines bed;
  bed.make(200, {{"scsi0", "data:8"}, {"net0", "virtio,bridge=vmbr0"}});
  bed.start(200);
  CHECK(bed.change(200, {{"cores", "4"}, {"name", "web"}, {"scsi1", "data:1"}}).status == 200);
  CHECK(bed.value(200, "name", true) == "web");
  CHECK(bed.value(200, "scsi1", true) == "data:200/vm-200-disk-1.raw,size=1G");
  CHECK(bed.value(200, "cores", true).empty());
  CHECK(bed.value(200, "cores") == "4");
  CHECK(bed.change(200, {{"hotplug", "0"}}).status == 200);
  CHECK(bed.change(200, {{"scsi2", "data:1"}, {"delete", "net0"}}).status == 200);
  // The disk is made at once and waits, and so does the interface that is to go.
  CHECK(bed.value(200, "scsi2", true).empty());
  CHECK(bed.value(200, "scsi2") == "data:200/vm-200-disk-2.raw,size=1G");
  CHECK_FALSE(bed.value(200, "net0", true).empty());
  CHECK(bed.exit_status(bed.post(bed.path(200, "/status/reboot"))) == "OK");
  CHECK(bed.value(200, "cores", true) == "4");
  CHECK(bed.value(200, "net0", true).empty());
}

TEST_CASE("a disk that is taken away stays as an unused one, and leaves the boot order") {
  Machines bed;
  bed.make(200, {{"scsi0", "data:8"}, {"scsi1", "data:1"}, {"boot", "order=scsi0;scsi1"}});
  CHECK(bed.change(200, {{"delete", "scsi1"}}).status == 200);
  CHECK(bed.value(200, "unused0") == "data:200/vm-200-disk-1.raw");
  CHECK(bed.value(200, "boot") == "order=scsi0");
  CHECK(bed.change(200, {{"virtio0", "data:200/vm-200-disk-1.raw"}}).status == 200);
  CHECK(bed.value(200, "unused0").empty());
  CHECK(bed.change(200, {{"delete", "virtio0"}}).status == 200);
  CHECK(bed.change(200, {{"delete", "unused0"}}).status == 200);
  CHECK(bed.data("/nodes/pve/storage/data/content").size() == 1);
}

TEST_CASE("a waiting value goes when it is deleted or set to what is in force") {
  Machines bed;
  bed.make(200, {{"cores", "2"}});
  bed.start(200);
  CHECK(bed.change(200, {{"cores", "4"}, {"bios", "ovmf"}}).status == 200);
  CHECK(bed.change(200, {{"cores", "2"}, {"delete", "bios"}}).status == 200);
  for (const Json& item : bed.data(bed.path(200, "/pending"))) {
    CHECK(get(item, "pending").is_null());
    CHECK(get(item, "delete").is_null());
  }
}

TEST_CASE("a change that was planned against another configuration is refused") {
  Machines bed;
  bed.make(200);
  CHECK(message_of(bed.change(200, {{"cores", "2"}, {"digest", std::string(40, 'a')}})) ==
        "checksum missmatch (file change by other user?)");
  bed.host().hold_lock(200, std::chrono::hours(1));
  CHECK(message_of(bed.change(200, {{"cores", "2"}})) == "VM is locked (backup)");
}

TEST_CASE("cloud-init values change at once, and reach the drive at a start or when asked") {
  Machines bed;
  bed.make(200, {{"ide2", "data:cloudinit"}, {"ciuser", "ops"}, {"cipassword", "hunter2"}});
  CHECK(bed.value(200, "ide2") == "data:200/vm-200-cloudinit.qcow2,media=cdrom");
  CHECK(bed.value(200, "cipassword") == "**********");
  bed.start(200);
  CHECK(bed.change(200, {{"ciuser", "root"}}).status == 200);
  const auto user = [&] {
    for (const Json& item : bed.data(bed.path(200, "/cloudinit"))) {
      if (get(item, "key") == "ciuser") return item;
    }
    return Json();
  };
  CHECK(user() == Json{{"key", "ciuser"}, {"value", "ops"}, {"pending", "root"}});
  CHECK(bed.put(bed.path(200, "/cloudinit"), {}).status == 200);
  CHECK(user() == Json{{"key", "ciuser"}, {"value", "root"}});
  CHECK(message_of(bed.change(200, {{"ide0", "data:cloudinit"}})) ==
        "ide0 - cloud-init drive is already attached at 'ide2'");
}

TEST_CASE("disks grow and never shrink; CD-ROMs do neither") {
  Machines bed;
  bed.make(200, {{"scsi0", "data:8"}, {"ide2", "none,media=cdrom"}});
  const auto resize = [&](const std::string& disk, const std::string& size) {
    return bed.exit_status(bed.put(bed.path(200, "/resize"), {{"disk", disk}, {"size", size}}));
  };
  CHECK(resize("scsi0", "+1G") == "OK");
  CHECK(bed.value(200, "scsi0").find("size=9G") != std::string::npos);
  CHECK(resize("scsi0", "8G") == "shrinking disks is not supported");
  CHECK(resize("ide2", "8G") == "you can't resize a cdrom");
  CHECK(resize("scsi7", "8G") == "disk 'scsi7' does not exist");
}

TEST_CASE("a template gives linked clones, which keep it alive") {
  Machines bed;
  bed.make(900, {{"scsi0", "data:8"}, {"net0", "virtio,bridge=vmbr0"}, {"tags", "aegisctl"}});
  CHECK(message_of(bed.post(bed.path(900, "/clone"), {{"newid", "201"}, {"full", "0"}}))
            .starts_with("Linked clone feature is not supported"));
  REQUIRE(bed.exit_status(bed.post(bed.path(900, "/template"))) == "OK");
  CHECK(bed.exit_status(bed.post(bed.path(900, "/status/start"))) ==
        "you can't start a vm if it's a template");
  REQUIRE(bed.exit_status(bed.post(bed.path(900, "/clone"),
                                   {{"newid", "201"}, {"name", "web"}, {"full", "0"}})) == "OK");
  CHECK(bed.value(201, "scsi0").find("base-900-disk-0.raw/201/vm-201-disk-0.raw") !=
        std::string::npos);
  CHECK(bed.value(201, "template").empty());
  CHECK(bed.value(201, "net0") != bed.value(900, "net0"));
  CHECK(bed.exit_status(bed.remove(bed.path(900, ""))).find("still in use by linked cloned") !=
        std::string::npos);
  CHECK(bed.exit_status(bed.remove(bed.path(201, ""))) == "OK");
  CHECK(bed.exit_status(bed.remove(bed.path(900, ""))) == "OK");
  CHECK(bed.data("/nodes/pve/storage/data/content").empty());
}

TEST_CASE("what Proxmox keeps for root is refused to a token, whatever its role") {
  Machines bed;
  bed.make(200);
  bed.as(bed.make_token("ops@pve", "Administrator", "/"));
  CHECK(bed.change(200, {{"cores", "2"}}).status == 200);
  CHECK(bed.change(200, {{"serial0", "socket"}}).status == 200);
  CHECK(message_of(bed.change(200, {{"args", "-S"}})) == "only root can set 'args' config");
  CHECK(message_of(bed.change(200, {{"hostpci0", "0000:01:00.0"}})) ==
        "only root can set 'hostpci0' config for non-mapped devices");
  CHECK(message_of(bed.change(200, {{"serial1", "/dev/ttyS0"}})) ==
        "only root can set 'serial1' config for real devices");
}

TEST_CASE("a machine is only changed by those who may") {
  Machines bed;
  bed.make(200);
  bed.as(bed.make_token("eye@pve", "PVEAuditor", "/"));
  CHECK(bed.get(bed.path(200, "/config")).status == 200);
  CHECK(bed.change(200, {{"cores", "2"}}).status == 403);
  CHECK(bed.remove(bed.path(200, "")).status == 403);
}

TEST_CASE("protected and running machines are not destroyed") {
  Machines bed;
  bed.make(200, {{"protection", "1"}, {"scsi0", "data:1"}});
  CHECK(message_of(bed.remove(bed.path(200, ""))) ==
        "can't remove VM 200 - protection mode enabled");
  CHECK(message_of(bed.change(200, {{"delete", "scsi0"}})) ==
        "can't remove drive 'scsi0' - protection mode enabled");
  CHECK(bed.change(200, {{"delete", "protection"}}).status == 200);
  bed.start(200);
  CHECK(message_of(bed.remove(bed.path(200, ""))) == "VM 200 is running - destroy failed");
  CHECK(bed.exit_status(bed.post(bed.path(200, "/status/stop"))) == "OK");
  CHECK(bed.exit_status(bed.remove(bed.path(200, ""))) == "OK");
}

}  // namespace aegis::test
