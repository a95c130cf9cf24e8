#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <set>

#include "base/text.h"
#include "engine/temporary_folder.h"
#include "simulator/recorded.h"

namespace aegis::test {
namespace {

std::set<std::string> words(const Json& text) {
  const std::vector<std::string> items = split_any(as_text(text), ",");
  return {items.begin(), items.end()};
}

Json listed(Testbed& bed, const std::string& name) {
  for (const Json& item : bed.data("/nodes/pve/storage")) {
    if (text_or(item, "storage") == name) return item;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("storages are made, changed and removed as recorded") {
  simulator::SimulatorOptions options = recorded_options();
  options.absent_paths = {"/no/such/x", "/mnt/none", "tank", "vg"};
  options.unreachable_servers = {"127.0.0.1"};
  Testbed bed(options);
  const std::string st1 = R"({"storage":"st1","type":"dir"})";
  const std::string undefined =
      "property is not defined in schema and the schema does not allow additional properties";
  replay(bed,
         {{"POST",
           "/storage",
           "storage=st1  type=dir  path=/var/lib/st1  content=backup,iso,snippets  "
           "prune-backups=keep-last=2,keep-daily=3",
           200,
           st1}});
  const Json made = bed.data("/storage/st1");
  CHECK(words(made["content"]) == std::set<std::string>{"backup", "iso", "snippets"});
  CHECK(made["prune-backups"] == "keep-last=2,keep-daily=3");
  const std::string digest = "digest=" + text_or(made, "digest");
  const std::string failed = "update storage failed: ";
  replay(
      bed,
      {{"PUT", "/storage/st1", "content=backup  " + digest, 200, st1},
       {"PUT",
        "/storage/st1",
        "content=iso  " + digest,
        500,
        failed + "detected modified configuration - file changed by other user? Try again."},
       {"PUT", "/storage/st1", "path=/x", 400, "path| " + undefined},
       {"PUT", "/storage/st1", "type=dir", 400, "type| " + undefined},
       {"PUT", "/storage/st1", "delete=prune-backups", 200, st1},
       {"PUT", "/storage/st1", "content=none", 200, st1},
       {"PUT", "/storage/st1", "nodes=nonode", 200, st1},
       {"PUT", "/storage/nope", "content=iso", 500, failed + "storage 'nope' does not exist"},
       {"GET", "/storage/nope", "", 500, "storage 'nope' does not exist"},
       {"DELETE", "/storage/nope", "", 500, "delete storage failed: storage 'nope' does not exist"},
       {"GET", "./storage/nope/status", "", 400, "storage| No such storage."},
       {"GET",
        "./storage/st1/status",
        "",
        200,
        R"({"active":0,"avail":0,"content":"none","enabled":0,"shared":0,"total":0,"type":"dir",)"
        R"("used":0})"},
       {"DELETE", "/storage/st1"},
       {"GET", "/storage/st1", "", 500, "storage 'st1' does not exist"}});
}

TEST_CASE("a storage that cannot be brought up is not made, in the words that were recorded") {
  simulator::SimulatorOptions options = recorded_options();
  options.absent_paths = {"/no/such/x", "/mnt/none", "tank", "vg"};
  options.unreachable_servers = {"127.0.0.1"};
  Testbed bed(options);
  const std::string failed = "create storage failed: ";
  replay(
      bed,
      {{"POST",
        "/storage",
        "storage=st2  type=dir",
        500,
        "missing value for required option 'path'"},
       {"POST",
        "/storage",
        "storage=1st  type=dir  path=/x",
        400,
        "storage| invalid format - storage ID '1st' contains illegal characters"},
       {"POST",
        "/storage",
        "storage=st2  type=dir  path=/no/such/x  mkdir=0",
        500,
        failed + "unable to activate storage 'st2' - directory '/no/such/x' does not exist or is "
                 "unreachable"},
       {"POST",
        "/storage",
        "storage=st3  type=bogus",
        400,
        "type| value 'bogus' does not have a value in the enumeration 'btrfs, cephfs, cifs, dir, "
        "esxi, glusterfs, iscsi, iscsidirect, lvm, lvmthin, nfs, pbs, rbd, zfs, zfspool'"},
       {"POST",
        "/storage",
        "storage=st4  type=dir  path=rel",
        400,
        "path| invalid format - value does not look like a valid absolute path"},
       {"POST",
        "/storage",
        "storage=st5  type=dir  path=/var/lib/st5  content=foo",
        400,
        "content| invalid format - invalid content type 'foo'"},
       {"POST",
        "/storage",
        "storage=st6  type=dir  path=/mnt/none  is_mountpoint=1",
        500,
        failed + "unable to activate storage 'st6' - directory is expected to be a mount point but "
                 "is not mounted: '/mnt/none'"},
       {"POST",
        "/storage",
        "storage=box  type=cifs  server=127.0.0.1  share=backup  username=u1  password=p  "
        "content=backup",
        500,
        failed + "storage 'box' is not online"}});
  for (const std::string form : {"storage=z  type=zfspool  pool=tank/a",
                                 "storage=l  type=lvm  vgname=vg",
                                 "storage=t  type=lvmthin  vgname=vg  thinpool=data",
                                 "storage=n  type=nfs  server=127.0.0.1  export=/e",
                                 "storage=p  type=pbs  server=127.0.0.1  datastore=d"}) {
    INFO(form);
    Testbed::Form pairs;
    for (const std::string& pair : split_any(form, " ")) {
      const std::size_t equals = pair.find('=');
      pairs.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
    }
    pairs.front().second += "x";  // ids have at least two characters
    const simulator::Response refused = bed.post("/storage", pairs);
    CHECK(refused.status == 500);
    CHECK(message_of(refused).starts_with(failed));
  }
  CHECK(bed.data("/storage").size() == 2);
}

TEST_CASE("a share's password is taken and never told") {
  Testbed bed;
  replay(bed,
         {{"POST",
           "/storage",
           "storage=box  type=cifs  server=box.example.com  share=backup  username=u1  "
           "password=hunter2  content=backup  subdir=/pve1",
           200,
           R"({"storage":"box","type":"cifs"})"}});
  Json box = bed.data("/storage/box");
  box.erase("digest");
  CHECK(box ==
        *parse_json(R"({"storage":"box","type":"cifs","server":"box.example.com","share":"backup",)"
                    R"("username":"u1","content":"backup","subdir":"/pve1","shared":1,)"
                    R"("path":"/mnt/pve/box"})"));
  CHECK(bed.get("/storage").body.find("hunter2") == std::string::npos);
  CHECK(listed(bed, "box")["shared"] == 1);
  const std::string failed = "update storage failed: ";
  replay(bed,
         {{"PUT",
           "/storage/box",
           "server=other",
           500,
           failed + "can't change value of fixed parameter 'server'"},
          {"PUT",
           "/storage/box",
           "delete=share",
           500,
           failed + "unable to delete required option 'share'"},
          {"PUT", "/storage/box", "delete=nothing", 500, failed + "no such option 'nothing'"},
          {"PUT", "/storage/box", "sparse=1", 500, failed + "unexpected property 'sparse'"},
          {"PUT",
           "/storage/box",
           "domain=d  delete=domain",
           500,
           failed + "cannot set and delete property 'domain' at the same time!"},
          {"PUT", "/storage/box", "delete=password", 200, R"({"storage":"box","type":"cifs"})"}});
}

TEST_CASE("a backup server's key is made on demand, told once, and shown as its fingerprint") {
  Testbed bed;
  const simulator::Response made = bed.post("/storage",
                                            {{"storage", "pbs"},
                                             {"type", "pbs"},
                                             {"server", "192.0.2.9"},
                                             {"datastore", "main"},
                                             {"username", "a@pbs"},
                                             {"password", "p"},
                                             {"encryption-key", "autogen"}});
  REQUIRE(made.status == 200);
  const std::string key = text_or(get(get(body_of(made), "data"), "config"), "encryption-key");
  CHECK_FALSE(key.empty());
  const Json shown = bed.data("/storage/pbs");
  CHECK(text_or(shown, "encryption-key").size() == 64);
  CHECK(shown["content"] == "backup");
  const simulator::Response other = bed.put("/storage/pbs", {{"content", "rootdir"}});
  CHECK(message_of(other) ==
        "update storage failed: storage does not support content type 'rootdir'");
}

TEST_CASE("what a definition leaves out is filled in by its type") {
  Testbed bed;
  CHECK(bed.post("/storage", {{"storage", "tank"}, {"type", "zfspool"}, {"pool", "tank/vm"}})
            .status == 200);
  const Json tank = bed.data("/storage/tank");
  CHECK(tank["mountpoint"] == "/tank/vm");
  CHECK(words(tank["content"]) == std::set<std::string>{"images", "rootdir"});
  const simulator::Response again =
      bed.post("/storage", {{"storage", "tank"}, {"type", "zfspool"}, {"pool", "x"}});
  CHECK(message_of(again) == "create storage failed: storage ID 'tank' already defined");
  const simulator::Response foreign =
      bed.post("/storage", {{"storage", "t2"}, {"type", "zfspool"}, {"pool", "x"}, {"path", "/x"}});
  CHECK(message_of(foreign) == "unexpected property 'path'");
}

TEST_CASE("a disabled storage takes no new disks and starts no container that lives on it") {
  Testbed bed;
  bed.make_container(100);
  CHECK(bed.put("/storage/data", {{"disable", "1"}}).status == 200);
  CHECK(listed(bed, "data")["enabled"] == 0);
  CHECK(message_of(bed.put("/nodes/pve/lxc/100/config", {{"mp0", "data:1,mp=/x"}})) ==
        "storage 'data' is disabled");
  CHECK(bed.exit_status(bed.post("/nodes/pve/lxc/100/status/start")) ==
        "storage 'data' is disabled");
  CHECK(bed.put("/storage/data", {{"delete", "disable"}}).status == 200);
  CHECK(bed.exit_status(bed.post("/nodes/pve/lxc/100/status/start")) == "OK");
}

TEST_CASE("removing a storage leaves its data, and local always comes back") {
  Testbed bed;
  bed.make_container(100);
  CHECK(bed.remove("/storage/data").status == 200);
  CHECK(bed.exit_status(bed.post("/nodes/pve/lxc/100/status/start")) ==
        "storage 'data' does not exist");
  CHECK(bed.post("/storage", {{"storage", "data"}, {"type", "btrfs"}, {"path", "/var/lib/data"}})
            .status == 200);
  CHECK(bed.exit_status(bed.post("/nodes/pve/lxc/100/status/start")) == "OK");
  CHECK(bed.remove("/storage/local").status == 200);
  CHECK(bed.data("/storage/local")["path"] == "/var/lib/vz");
}

TEST_CASE("definitions outlive the process, secrets included") {
  const TemporaryFolder folder;
  simulator::SimulatorOptions options = recorded_options();
  options.state_folder = folder.path() / "state";
  Json before;
  {
    Testbed bed(options);
    bed.post("/storage",
             {{"storage", "pbs"},
              {"type", "pbs"},
              {"server", "192.0.2.9"},
              {"datastore", "main"},
              {"encryption-key", "k"}});
    bed.put("/storage/local", {{"content", "iso"}});
    before = bed.data("/storage");
  }
  Testbed bed(options);
  CHECK(bed.data("/storage") == before);
  // The fingerprint would be gone with the key.
  CHECK(bed.put("/storage/pbs", {{"disable", "1"}}).status == 200);
  CHECK(bed.data("/storage/pbs").contains("encryption-key"));
}

TEST_CASE("who may not allocate storages may not define one") {
  Testbed bed;
  const std::string auditor = bed.make_token("reader@pve", "PVEAuditor", "/");
  bed.as(auditor);
  const std::string denied = "Permission check failed (/storage, Datastore.Allocate)";
  CHECK(message_of(bed.post("/storage", {{"storage", "a1"}, {"type", "dir"}, {"path", "/a"}})) ==
        denied);
  CHECK(message_of(bed.put("/storage/data", {{"disable", "1"}})) == denied);
  CHECK(bed.remove("/storage/data").status == 403);
  CHECK(bed.data("/storage").size() == 2);
}

}  // namespace aegis::test
