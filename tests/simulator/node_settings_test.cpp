#include <catch2/catch.hpp>

#include "simulator/testbed.h"

namespace aegis::test {
namespace {

Json repository(Testbed& bed, const std::string& handle) {
  const Json repositories = bed.data("/nodes/pve/apt/repositories");
  for (const Json& item : repositories.at("standard-repos")) {
    if (text_or(item, "handle") == handle) return get(item, "status");
  }
  return "unknown";
}

}  // namespace

TEST_CASE("name servers are written as a whole") {
  Testbed bed;
  CHECK(bed.data("/nodes/pve/dns") == Json{{"dns1", "127.0.0.1"}});
  CHECK(complaint_of(bed.put("/nodes/pve/dns", {{"dns1", "1.1.1.1"}}), "search") ==
        "property is missing and it is not optional");
  bed.put("/nodes/pve/dns", {{"search", "a.lan"}, {"dns1", "1.1.1.1"}, {"dns2", "8.8.8.8"}});
  bed.put("/nodes/pve/dns", {{"search", "a.lan"}, {"dns1", "9.9.9.9"}});
  CHECK(bed.data("/nodes/pve/dns") == Json{{"search", "a.lan"}, {"dns1", "9.9.9.9"}});
}

TEST_CASE("a hosts file that somebody else changed is not overwritten") {
  Testbed bed;
  const Json read = bed.data("/nodes/pve/hosts");
  CHECK(bed.post("/nodes/pve/hosts", {{"data", "a"}, {"digest", text_or(read, "digest")}}).status ==
        200);
  const auto late =
      bed.post("/nodes/pve/hosts", {{"data", "b"}, {"digest", text_or(read, "digest")}});
  CHECK(message_of(late) ==
        "detected modified configuration - file changed by other user? Try again.");
  CHECK(bed.data("/nodes/pve/hosts").at("data") == "a");
}

TEST_CASE("the datacenter's options take texts and show some of them taken apart") {
  Testbed bed;
  const auto sent = bed.put("/cluster/options",
                            {{"migration", "secure,network=10.1.0.0/24"},
                             {"bwlimit", "default=100"},
                             {"registered-tags", "b;a"},
                             {"description", "x"}});
  REQUIRE(sent.status == 200);
  const Json options = bed.data("/cluster/options");
  CHECK(options.at("migration") == Json{{"type", "secure"}, {"network", "10.1.0.0/24"}});
  CHECK(options.at("bwlimit") == "default=100");
  CHECK(options.at("registered-tags") == Json{"b", "a"});
  CHECK(options.at("description") == "x\n");
  CHECK(options.at("mac_prefix") == "BC:24:11");
  bed.put("/cluster/options", {{"delete", "migration,bwlimit"}});
  CHECK_FALSE(bed.data("/cluster/options").contains("migration"));
  CHECK(bed.put("/cluster/options", {{"keyboard", "xx"}}).status == 400);
}

TEST_CASE("standard repositories are added, switched off by their line, and on again") {
  Testbed bed;
  CHECK(repository(bed, "enterprise") == 1);
  CHECK(repository(bed, "no-subscription").is_null());
  CHECK(bed.put("/nodes/pve/apt/repositories", {{"handle", "no-subscription"}}).status == 200);
  CHECK(repository(bed, "no-subscription") == 1);
  const auto off = [&](const std::string& digest) {
    return bed.post("/nodes/pve/apt/repositories",
                    {{"path", "/etc/apt/sources.list.d/pve-enterprise.list"},
                     {"index", "0"},
                     {"enabled", "0"},
                     {"digest", digest}});
  };
  CHECK(off("0").status == 500);
  CHECK(off(text_or(bed.data("/nodes/pve/apt/repositories"), "digest")).status == 200);
  CHECK(repository(bed, "enterprise") == 0);
  CHECK(bed.put("/nodes/pve/apt/repositories", {{"handle", "enterprise"}}).status == 200);
  CHECK(repository(bed, "enterprise") == 1);
}

TEST_CASE("network and settings outlive the simulator with a state folder") {
  simulator::SimulatorOptions options = recorded_options();
  char pattern[] = "/tmp/aegis-settings-XXXXXX";
  options.state_folder = mkdtemp(pattern);
  {
    Testbed bed(options);
    bed.put("/nodes/pve/time", {{"timezone", "Europe/Berlin"}});
    bed.post("/nodes/pve/network", {{"iface", "vmbr5"}, {"type", "bridge"}});
  }
  Testbed bed(options);
  CHECK(bed.data("/nodes/pve/time").at("timezone") == "Europe/Berlin");
  CHECK(bed.data("/nodes/pve/network/vmbr5").at("type") == "bridge");
  CHECK(body_of(bed.get("/nodes/pve/network")).contains("changes"));
  std::filesystem::remove_all(options.state_folder);
}

}  // namespace aegis::test
