#include "relay/notice.h"

#include <catch2/catch.hpp>

namespace aegis::relay {
namespace {

Json alert(const char* summary, const char* status = "firing") {
  return {
      {"status", status},
      {"labels", {{"alertname", "DiskFilling"}, {"severity", "critical"}, {"instance", "fsn1"}}},
      {"annotations", {{"summary", summary}}}};
}

}  // namespace

TEST_CASE("a group of alerts becomes one notice, a line for each, with what is over said so") {
  const auto notice = read_alertmanager_notice(
      {{"status", "firing"},
       {"truncatedAlerts", 3},
       {"alerts", Json::array({alert("/ is full"), alert("/srv is full", "resolved")})}});
  REQUIRE(notice);
  CHECK(*notice == Notice{"firing",
                          "critical",
                          "DiskFilling (2)",
                          "/ is full\nresolved: /srv is full\nand 3 more"});
  CHECK(headline(*notice) == "FIRING: DiskFilling (2)");
}

TEST_CASE("an alert without a summary is told by its labels") {
  Json one = alert("");
  one.erase("annotations");
  const auto notice =
      read_alertmanager_notice({{"status", "resolved"}, {"alerts", Json::array({one})}});
  REQUIRE(notice);
  CHECK(notice->text == "firing: instance=fsn1, severity=critical");
  CHECK(headline(*notice) == "RESOLVED: DiskFilling");
}

TEST_CASE("what is no webhook of Alertmanager or Proxmox is refused") {
  for (const Json& body : {Json(),
                           Json::array(),
                           Json{{"status", "firing"}},
                           Json{{"status", "firing"}, {"alerts", Json::array()}},
                           Json{{"status", "odd"}, {"alerts", Json::array({alert("x")})}}}) {
    CHECK_FALSE(read_alertmanager_notice(body));
  }
  CHECK_FALSE(read_proxmox_notice({{"title", "backup"}}));
  CHECK_FALSE(read_proxmox_notice({{"title", " "}, {"severity", "error"}}));
}

TEST_CASE("Proxmox's severities are ours, the worst of them too") {
  for (const auto& [theirs, ours] : std::map<std::string, std::string>{{"error", "critical"},
                                                                       {"warning", "warning"},
                                                                       {"unknown", "warning"},
                                                                       {"notice", "info"},
                                                                       {"info", "info"}}) {
    const auto notice =
        read_proxmox_notice({{"title", "backup failed"}, {"severity", theirs}, {"message", "log"}});
    REQUIRE(notice);
    CHECK(*notice == Notice{"firing", ours, "backup failed", "log"});
  }
}

TEST_CASE("a text is cut between characters, and a short one is left alone") {
  CHECK(cut_text("abc", 3) == "abc");
  CHECK(cut_text("abcd", 3) == "ab…");
  CHECK(cut_text("äöü", 3) == "äöü");
  CHECK(cut_text("äöüß", 3) == "äö…");
  CHECK(cut_text("😀😀", 4) == "😀😀");  // two units each
  CHECK(cut_text("😀😀a", 4) == "😀…");
  CHECK(cut_text("\xff\xff\xff", 2) == "\xff…");
}

}  // namespace aegis::relay
