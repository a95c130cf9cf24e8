#include "kinds/proxmox/node/setting.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "kinds/proxmox/node/hosts_text.h"
#include "kinds/proxmox/node/server_rig.h"

using namespace aegis;
using namespace aegis::test;
using simulator::Fault;

namespace {

Json data(ServerRig& rig, const std::string& path) {
  return get(rig.get(path), "data");
}

bool mentions(const Diagnostics& notes, const std::string& text) {
  return std::any_of(notes.begin(), notes.end(), [&](const Diagnostic& note) {
    return note.detail.find(text) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("name servers become those that are declared, in their order") {
  ServerRig rig(setting_kind());
  rig.want("dns", "dns", {{"search", "a.lan"}, {"nameservers", {"9.9.9.9", "1.1.1.1"}}});
  rig.converge();
  CHECK(data(rig, "/dns") == Json{{"search", "a.lan"}, {"dns1", "9.9.9.9"}, {"dns2", "1.1.1.1"}});
}

TEST_CASE("more name servers than Proxmox keeps are refused before anything is written") {
  ServerRig rig(setting_kind());
  rig.want("dns",
           "dns",
           {{"search", "a"}, {"nameservers", {"1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4"}}});
  CHECK(rig.plan().steps.empty());
}

TEST_CASE("entries of the hosts file are ours alone; all other lines stay") {
  ServerRig rig(setting_kind());
  const std::string before = text_or(data(rig, "/hosts"), "data");
  rig.want("hosts", "hosts", {{"entries", {{"10.10.10.103", {"aegis.lan", "aegis"}}}}});
  rig.converge();
  CHECK(text_or(data(rig, "/hosts"), "data") ==
        before + "10.10.10.103 aegis.lan aegis # aegisctl\n");
  rig.want("hosts", "hosts", {{"entries", {{"10.10.10.104", {"db.lan"}}}}});
  rig.converge();
  CHECK(text_or(data(rig, "/hosts"), "data") == before + "10.10.10.104 db.lan # aegisctl\n");
}

TEST_CASE("a line that somebody wrote is enough where it says the same") {
  const Json declared{{"10.0.0.1", {"a"}}};
  CHECK(proxmox::managed_hosts("10.0.0.1\ta # by hand\n10.0.0.2 b\n", declared) == declared);
  CHECK(proxmox::with_hosts("# head\n10.0.0.1 old\n\n10.0.0.2 b\n", declared) ==
        "# head\n\n10.0.0.2 b\n10.0.0.1 a # aegisctl\n");
}

TEST_CASE("the whole hosts file can be declared") {
  ServerRig rig(setting_kind());
  rig.want("hosts", "hosts", {{"text", "127.0.0.1 localhost\n192.0.2.10 pve\n"}});
  rig.converge();
  CHECK(text_or(data(rig, "/hosts"), "data") == "127.0.0.1 localhost\n192.0.2.10 pve\n");
}

TEST_CASE("a hosts file that is changed meanwhile is read again") {
  ServerRig rig(setting_kind());
  rig.want("hosts", "hosts", {{"entries", {{"10.10.10.103", {"aegis"}}}}});
  Fault fault;
  fault.kind = Fault::Kind::answer;
  fault.method = "POST";
  fault.status = 500;
  fault.text = "detected modified configuration - file changed by other user? Try again.";
  rig.http().host().set_faults({{fault}});
  rig.converge();
}

TEST_CASE("options are written as Proxmox wants them, and those that go return to their default") {
  ServerRig rig(setting_kind());
  rig.want("options",
           "options",
           {{"keyboard", "de"},
            {"registered-tags", {"b", "a"}},
            {"tag-style", {{"color-map", {{"a", "ff0000"}}}, {"case-sensitive", true}}},
            {"next-id", {{"lower", 200}, {"upper", 300}}},
            {"migration", {{"type", "secure"}, {"network", "10.1.0.0/24"}}}});
  rig.converge();
  rig.want("options", "options", {{"bwlimit", {{"default", 100}}}, {"description", "one server"}});
  rig.converge();
  CHECK(rig.plan().changes.empty());
}

TEST_CASE("the prefix that Proxmox uses anyway is no difference") {
  ServerRig rig(setting_kind());
  rig.want("options", "options", Json::object());
  CHECK(rig.plan().changes.empty());
  rig.want("options", "options", {{"mac_prefix", "BC:24:11"}});
  CHECK(rig.plan().changes.empty());
}

TEST_CASE("standard repositories are switched on and off") {
  ServerRig rig(setting_kind());
  rig.want("repositories",
           "repositories",
           {{"enterprise", false}, {"no-subscription", true}, {"ceph-quincy-enterprise", false}});
  rig.converge();
  rig.want("repositories", "repositories", {{"enterprise", true}, {"no-subscription", false}});
  rig.converge();
}

TEST_CASE("a repository that Proxmox does not know is refused with those that it knows") {
  ServerRig rig(setting_kind());
  rig.want("repositories", "repositories", {{"no-subscripton", true}});
  const Plan plan = rig.plan();
  CHECK(plan.steps.empty());
  CHECK(only_change(plan).blocked.find("no-subscription") != std::string::npos);
}

TEST_CASE("facts that are not so are told with both values, and never changed") {
  ServerRig rig(setting_kind());
  rig.want("facts",
           "facts",
           {{"cpu", {{"model", "i9-14900"}, {"cores", 24}, {"threads", 64}}},
            {"memory", "64GiB"},
            {"disks", {{{"count", 2}, {"type", "nvme"}, {"size", "1920GB"}}}},
            {"location", "FSN1-DC14"}});
  const Plan plan = rig.plan();
  CHECK(plan.changes.empty());
  CHECK(plan.notes.size() == 2);
  CHECK(
      mentions(plan.notes, "cpu.threads of server/fsn1 is declared as 64, and the machine has 32"));
  CHECK(mentions(plan.notes, "declared as 64GiB, and the machine has 128GiB"));
  CHECK_FALSE(has_errors(plan.notes));
}

TEST_CASE("a disk that is missing is told") {
  ServerRig rig(setting_kind());
  rig.want("facts", "facts", {{"disks", {{{"count", 3}, {"type", "nvme"}}}}});
  CHECK(mentions(rig.plan().notes, "/dev/nvme1n1"));
}
