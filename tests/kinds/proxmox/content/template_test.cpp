#include "kinds/proxmox/content/template.h"

#include <array>
#include <catch2/catch.hpp>
#include <fstream>

#include "base/digest.h"
#include "engine/temporary_folder.h"
#include "kinds/proxmox/kind_rig.h"
#include "kinds/proxmox/objects/storage.h"
#include "kinds/proxmox/simulated_host.h"

using namespace aegis;
using namespace aegis::test;

namespace {

const std::string k_index_name = "ubuntu-22.04-standard_22.04-1_amd64.tar.zst";
const std::string k_url = "https://images.example.net/a.iso";

simulator::SimulatorOptions with_image() {
  simulator::SimulatorOptions options;
  options.web_files[k_url] = "an image";
  return options;
}

const std::array<Kind, 2> k_both{storage_kind(), template_kind()};

class TemplateRig : public SimulatedHost, public KindRig {
 public:
  TemplateRig() : SimulatedHost(with_image()), KindRig(k_both, http(), clock()) {}

  void want(const std::string& name, const Json& spec, std::vector<Address> needs = {}) {
    declare({"server/fsn1", "template", name}, spec, std::move(needs));
  }

  bool has(const std::string& volume) {
    for (const Json& file : get("/nodes/pve/storage/local/content")) {
      if (text_or(file, "volid") == volume) return true;
    }
    return false;
  }

  /// The one note of the plan, which makes nothing.
  std::string objection() {
    const Plan made = plan();
    CHECK(made.steps.empty());
    REQUIRE(made.notes.size() == 1);
    return made.notes.front().summary + ": " + made.notes.front().detail;
  }
};

}  // namespace

TEST_CASE("a template of the index is fetched, and one that is there is left alone") {
  TemplateRig rig;
  rig.want(k_index_name, {{"storage", "local"}});
  rig.want("debian-12-standard_12.7-1_amd64.tar.zst", {{"storage", "local"}});
  const Plan plan = rig.plan();
  REQUIRE(plan.steps.size() == 1);
  CHECK(plan.steps.front().title == "fetch local:vztmpl/" + k_index_name);
  CHECK(plan.steps.front().prepares);
  rig.converge();
  CHECK(rig.has("local:vztmpl/" + k_index_name));
}

TEST_CASE("an image is fetched from a URL, and not kept with another checksum") {
  TemplateRig rig;
  rig.want("a.iso", {{"storage", "local"}, {"url", k_url}, {"checksum", "sha256:00"}});
  const auto failed = rig.apply(rig.plan());
  REQUIRE_FALSE(failed);
  CHECK(failed.error().message.find("checksum") != std::string::npos);
  CHECK_FALSE(rig.has("local:iso/a.iso"));
  rig.want(
      "a.iso",
      {{"storage", "local"}, {"url", k_url}, {"checksum", "sha256:" + sha256_hex("an image")}});
  rig.converge();
  CHECK(rig.has("local:iso/a.iso"));
}

TEST_CASE("a local file is uploaded with its checksum, piece by piece, and once") {
  TemplateRig rig;
  const TemporaryFolder folder;
  const std::string path = (folder.path() / "golden.tar.zst").string();
  // More than one piece, with what could be taken for the end of a part in it.
  std::string content = "\r\n--aegisctl--\r\n";
  for (int i = 0; i < 20'000; ++i) content += "bytes " + std::to_string(i);
  std::ofstream(path, std::ios::binary) << content;
  rig.want("golden.tar.zst", {{"storage", "local"}, {"file", path}});
  std::vector<std::string> told;
  rig.effects().progress = [&](std::string_view line) { told.emplace_back(line); };
  const Plan plan = rig.plan();
  CHECK(plan.steps.front().title == "upload local:vztmpl/golden.tar.zst");
  CHECK(plan.steps.front().lane == "proxmox/fsn1/upload");
  rig.converge();
  const Json file = rig.get("/nodes/pve/storage/local/content/local:vztmpl%2Fgolden.tar.zst");
  CHECK(file.at("size") == content.size());
  CHECK(told.back().find("uploading " + path + ": ") == 0);
}

TEST_CASE("a local file that is not the one that was meant is not sent") {
  TemplateRig rig;
  const TemporaryFolder folder;
  const std::string path = (folder.path() / "a.iso").string();
  std::ofstream(path) << "an image";
  rig.want("a.iso", {{"storage", "local"}, {"file", path}, {"checksum", "sha256:00"}});
  rig.http().clear_log();
  const auto failed = rig.apply(rig.plan());
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == ErrorCode::conflict);
  for (const std::string& request : rig.http().log()) CHECK(request.find("POST") != 0);
  rig.want("a.iso",
           {{"storage", "local"}, {"file", path}, {"checksum", "sha512:" + std::string(128, 'a')}});
  CHECK_FALSE(rig.apply(rig.plan()));
  rig.want(
      "a.iso",
      {{"storage", "local"}, {"file", path}, {"checksum", "sha256:" + sha256_hex("an image")}});
  rig.converge();
  CHECK(rig.has("local:iso/a.iso"));
}

TEST_CASE("an upload whose answer is lost is found to be done, or done again") {
  using Kind = simulator::Fault::Kind;
  for (const Kind kind : {Kind::lose_answer, Kind::drop_before, Kind::drop_after}) {
    TemplateRig rig;
    const TemporaryFolder folder;
    const std::string path = (folder.path() / "a.iso").string();
    std::ofstream(path) << "an image";
    rig.want("a.iso", {{"storage", "local"}, {"file", path}});
    simulator::Fault fault;
    fault.kind = kind;
    fault.path = "/upload";
    rig.host().set_faults({{fault}, {}});
    rig.converge();
    CHECK(rig.has("local:iso/a.iso"));
  }
}

TEST_CASE("a file is removed when it is named, and only then") {
  TemplateRig rig;
  rig.want("debian-12-standard_12.7-1_amd64.tar.zst", {{"storage", "local"}});
  PlanOptions options;
  options.destroys = {"server/fsn1/template/debian-12-standard_12.7-1_amd64.tar.zst"};
  const Plan plan = rig.plan(options);
  REQUIRE(plan.steps.size() == 1);
  CHECK(rig.apply(plan));
  CHECK_FALSE(rig.has("local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"));
  rig.want_nothing();
  CHECK_FALSE(rig.plan().has_differences());
}

TEST_CASE("what cannot be had is said before anything is done") {
  TemplateRig rig;
  SECTION("a name that the index does not have") {
    rig.want("ubuntu-22.04-standard_22.04-2_amd64.tar.zst", {{"storage", "local"}});
    CHECK(rig.objection().find("Did you mean " + k_index_name) != std::string::npos);
  }
  SECTION("a storage that the host does not have") {
    rig.want(k_index_name, {{"storage", "none"}});
    CHECK(rig.objection().find("a storage is not on the host") == 0);
  }
  SECTION("a storage that takes no such files") {
    rig.want(k_index_name, {{"storage", "local-zfs"}});
    CHECK(rig.objection().find("a storage does not take this content") == 0);
  }
  SECTION("plain HTTP without a checksum") {
    rig.want("a.iso", {{"storage", "local"}, {"url", "http://images.example.net/a.iso"}});
    CHECK(rig.objection().find("a file that anybody on the way could change") == 0);
  }
}

TEST_CASE("a storage that the manifests make too is none that is missing") {
  TemplateRig rig;
  const Address storage{"server/fsn1", "storage", "later"};
  rig.settings()["sections"] = {"storage", "templates"};
  rig.declare(storage, {{"type", "dir"}, {"path", "/srv/later"}, {"content", {"vztmpl"}}});
  rig.want(k_index_name, {{"storage", "later"}}, {storage});
  rig.converge();
}

TEST_CASE("a lost answer does not make a fetch fail") {
  TemplateRig rig;
  rig.want(k_index_name, {{"storage", "local"}});
  const Plan plan = rig.plan();
  simulator::Fault lost;
  lost.kind = simulator::Fault::Kind::lose_answer;
  lost.method = "POST";
  rig.host().set_faults({{lost}, {}});
  CHECK(rig.apply(plan));
  CHECK_FALSE(rig.plan().has_differences());
}
