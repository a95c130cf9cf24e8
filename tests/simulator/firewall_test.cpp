#include <catch2/catch.hpp>

#include "simulator/recorded.h"

namespace aegis::test {
namespace {

constexpr std::string_view k_stale =
    "detected modified configuration - file changed by other user? Try again.";

std::string rules_of(Testbed& bed, const std::string& path) {
  std::string text;
  for (const Json& rule : bed.data(path)) {
    text += text_or(rule, "comment") + (get(rule, "enable") == 1 ? "+" : "-");
  }
  return text;
}

const std::string k_rules = "/nodes/pve/lxc/100/firewall/rules";

void make_three_rules(Testbed& bed) {
  bed.make_container(100);
  replay(bed,
         {{"POST", k_rules, "type=in  action=ACCEPT  proto=tcp  dport=1  comment=one  pos=0"},
          {"POST", k_rules, "type=in  action=ACCEPT  proto=tcp  dport=2  comment=two  enable=1"},
          {"POST", k_rules, "type=in  action=ACCEPT  macro=ssh  comment=three  pos=99  enable=1"}});
}

}  // namespace

TEST_CASE("a new rule comes first and is off, whatever position was asked for") {
  Testbed bed;
  make_three_rules(bed);
  CHECK(rules_of(bed, k_rules) == "three+two+one-");
  CHECK(get(bed.data(k_rules)[0], "macro") == "SSH");
  CHECK(get(bed.data(k_rules)[1], "pos") == 1);
}

TEST_CASE("a rule moves before the one that stands at the target now") {
  Testbed bed;
  make_three_rules(bed);
  replay(bed, {{"PUT", k_rules + "/0", "moveto=2"}});
  CHECK(rules_of(bed, k_rules) == "two+three+one-");
  replay(bed, {{"PUT", k_rules + "/0", "moveto=3"}});
  CHECK(rules_of(bed, k_rules) == "three+one-two+");
  replay(bed, {{"PUT", k_rules + "/2", "moveto=0  comment=ignored"}});
  CHECK(rules_of(bed, k_rules) == "two+three+one-");
}

TEST_CASE("a stale digest and a missing position are refused in Proxmox's words") {
  Testbed bed;
  make_three_rules(bed);
  const std::string digest = text_or(bed.data(k_rules)[0], "digest");
  replay(bed,
         {{"PUT", k_rules + "/0", "comment=x  digest=" + digest},
          {"PUT", k_rules + "/0", "comment=y  digest=" + digest, 500, std::string(k_stale)},
          {"DELETE", k_rules + "/0", "digest=" + digest, 500, std::string(k_stale)},
          {"PUT", k_rules + "/9", "enable=1", 500, "no rule at position 9"},
          {"DELETE", k_rules + "/9", "", 500, "no rule at position 9"},
          {"PUT", k_rules + "/1", "comment="},
          {"PUT", k_rules + "/1", "delete=dport"},
          {"GET",
           k_rules + "/1",
           "",
           200,
           R"({"action":"ACCEPT","enable":1,"pos":"1","proto":"tcp","type":"in"})"}});
}

TEST_CASE("rules that name what is not there are refused, groups excepted") {
  Testbed bed;
  bed.make_container(100);
  replay(
      bed,
      {{"POST", k_rules, "type=in  action=accept", 400, "action| unknown action 'accept'"},
       {"POST", k_rules, "type=in  action=ACCEPT  source=+no", 400, "source| no such ipset 'no'"},
       {"POST", k_rules, "type=in  action=ACCEPT  source=no", 400, "source| no such alias 'no'"},
       {"POST", k_rules, "type=group  action=nogroup  enable=1"},
       {"POST",
        k_rules,
        "type=in  action=ACCEPT  iface=eth0",
        400,
        "iface| value does not match the regex pattern 'net\\d+'"},
       {"POST",
        k_rules,
        "type=in  action=ACCEPT  dport=22",
        400,
        "proto| missing property - 'dport' requires this property"},
       {"POST", k_rules, "type=in  action=ACCEPT  macro=Nope", 400, "macro| unknown macro 'Nope'"},
       {"POST",
        k_rules,
        "type=in  action=ACCEPT  source=10.0.0.1,10.0.0.5-10.0.0.9",
        400,
        "source| invalid format - you can't use a range in a list"}});
}

TEST_CASE("options are told only when they are set") {
  Testbed bed;
  bed.make_container(100);
  const std::string path = "/nodes/pve/lxc/100/firewall/options";
  CHECK(bed.data(path) == Json{{"digest", "da39a3ee5e6b4b0d3255bfef95601890afd80709"}});
  replay(bed,
         {{"PUT", path, "enable=1  dhcp=0  log_level_in=info"},
          {"GET", path, "", 200, R"({"dhcp":0,"enable":1,"log_level_in":"info"})"},
          {"PUT", path, "delete=dhcp,log_level_in"},
          {"PUT", path, "enable=5", 400, "enable| type check ('boolean') failed - got '5'"},
          {"PUT", path, "enable=1  digest=000", 500, std::string(k_stale)}});
  CHECK(get(bed.data(path), "dhcp").is_null());
}

TEST_CASE("aliases ignore case, keep host bits and lose a comment that is not sent again") {
  Testbed bed;
  bed.make_container(100);
  const std::string path = "/nodes/pve/lxc/100/firewall/aliases";
  replay(
      bed,
      {{"POST", path, "name=Lan  cidr=10.99.0.7/24  comment=c"},
       {"GET",
        path,
        "",
        200,
        R"([{"comment":"c","ipversion":4,"cidr":"10.99.0.7/24","name":"Lan",)"
        R"("digest":"308eba6223f6e993ad25f901d7d58dfd9f77d42d"}])"},
       {"PUT", path + "/lan", "comment=x", 400, "cidr| property is missing and it is not optional"},
       {"PUT", path + "/LAN", "cidr=10.98.0.0/24"},
       {"GET", path + "/lan", "", 200, R"({"cidr":"10.98.0.0/24","ipversion":4,"name":"LAN"})"},
       {"POST", path, "name=lan  cidr=10.1.0.0/24", 400, "name| alias 'lan' already exists"},
       {"DELETE", path + "/lan"}});
}

TEST_CASE("sets clear host bits and are removed when empty or by force") {
  Testbed bed;
  bed.make_container(100);
  const std::string path = "/nodes/pve/lxc/100/firewall/ipset";
  replay(
      bed,
      {{"POST", path, "name=adm  comment=c"},
       {"POST", path + "/adm", "cidr=10.99.0.7/24  comment=n"},
       {"POST", path + "/adm", "cidr=10.99.0.9/32  nomatch=1"},
       {"POST", path + "/adm", "cidr=10.99.0.9", 400, "cidr| address '10.99.0.9' already exists"},
       {"POST",
        path + "/adm",
        "cidr=0.0.0.0/0",
        400,
        "cidr| a zero prefix is not allowed in ipset entries"},
       {"GET",
        path,
        "",
        200,
        R"([{"comment":"c","name":"adm",)"
        R"("digest":"b7999a26c72ccaeace3be80697ccffd9aa279859"}])"},
       {"PUT", path + "/adm/10.99.0.0%2F24", "comment=m"},
       {"GET",
        path + "/adm",
        "",
        200,
        R"([{"comment":"m","cidr":"10.99.0.0/24","digest":"68c37a149926a2a123666515fc335de9488482da"},)"
        R"({"cidr":"10.99.0.9","nomatch":1,"digest":"68c37a149926a2a123666515fc335de9488482da"}])"},
       {"DELETE", path + "/adm", "", 500, "IPSet 'adm' is not empty"},
       {"DELETE", path + "/adm/10.99.0.0%2F24"},
       {"DELETE", path + "/adm", "force=1"},
       {"DELETE", path + "/adm", "force=1", 500, "no such IPSet 'adm'"},
       {"GET", path + "/adm", "", 500, "no such IPSet 'adm'"}});
}

TEST_CASE("a security group goes only when its rules are gone") {
  Testbed bed;
  const std::string path = "/cluster/firewall/groups";
  replay(
      bed,
      {{"POST", path, "group=w", 400, "group| value does not match the regex pattern"},
       {"POST", path, "group=web  comment=c"},
       {"POST", path, "group=web", 400, "group| Security group 'web' already exists"},
       {"GET",
        path,
        "",
        200,
        R"([{"comment":"c","group":"web","digest":"76cf18514d11837adf1820fb6828719925d4c5c0"}])"},
       {"POST", path, "group=web  rename=web  comment=d"},
       {"POST", path + "/web", "type=in  action=ACCEPT"},
       {"GET",
        path,
        "",
        200,
        R"([{"comment":"d","group":"web","digest":"9135dbed551fd43e1da45c8f55dd4a539ae498e0"}])"},
       {"DELETE", path + "/web", "", 500, "Security group 'web' is not empty"},
       {"DELETE", path + "/web/0"},
       {"DELETE", path + "/web"},
       {"GET", path + "/web", "", 500, "no such security group 'web'"}});
}

TEST_CASE("what rules may refer to is listed, with whose it is") {
  Testbed bed;
  bed.make_container(100);
  replay(bed,
         {{"POST", "/cluster/firewall/ipset", "name=admins"},
          {"POST", "/cluster/firewall/aliases", "name=lan  cidr=10.0.0.0/8"},
          {"GET",
           "/cluster/firewall/refs",
           "",
           200,
           R"([{"name":"admins","ref":"+admins","type":"ipset","scope":"dc"},)"
           R"({"name":"lan","ref":"lan","type":"alias","scope":"dc"}])"},
          {"POST", "./firewall/rules", "type=in  action=ACCEPT  source=+admins  dest=lan"},
          {"POST", k_rules, "type=in  action=ACCEPT  source=+dc/admins"}});
}

TEST_CASE("the firewall takes the rights that Proxmox asks for") {
  Testbed bed;
  bed.make_container(100);
  const std::string auditor = bed.make_token("eve@pve", "PVEVMUser", "/vms/100");
  bed.as(auditor);
  CHECK(message_of(bed.get("/cluster/firewall/options")) ==
        "Permission check failed (/, Sys.Audit)");
  CHECK(bed.get("/nodes/pve/lxc/100/firewall/options").status == 200);
  CHECK(bed.post(k_rules, {{"type", "in"}, {"action", "ACCEPT"}}).status == 403);
  CHECK(bed.get("/cluster/firewall/macros").status == 200);
}

TEST_CASE("a container takes its firewall along when it is destroyed") {
  Testbed bed;
  make_three_rules(bed);
  CHECK(bed.exit_status(bed.remove("/nodes/pve/lxc/100")) == "OK");
  bed.make_container(100);
  CHECK(bed.data(k_rules) == Json::array());
}

}  // namespace aegis::test
