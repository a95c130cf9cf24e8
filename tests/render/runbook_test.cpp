#include "render/runbook.h"

#include <catch2/catch.hpp>

namespace aegis {
namespace {

const Address k_storage{"server/a", "storage", "box"};
const Address k_job{"server/a", "backup-job", "weekly"};
const Address k_web{"", "container", "web"};
const Address k_tmp{"", "container", "tmp"};
const Address k_win{"", "machine", "win"};

// A server with a storage, a job, a container and a machine in the job and a container in none.
class System {
 public:
  System() {
    scope("server/a", {{"node", "pve"}});
    scope("stack/core",
          {{"project", "core"},
           {"guest", {{"address", "container/web"}}},
           {"config_files", {"/srv/my project/compose.yaml"}}});
    add(k_storage, "server/a", {});
    add(k_web,
        "server/a",
        {{"vmid", 103},
         {"rootfs", {{"storage", "local-zfs"}, {"size", "8GiB"}}},
         {"mount_points",
          {{"mp0", {{"storage", "tank"}, {"size", "1536MiB"}, {"mp", "/data"}}},
           {"mp1", {{"volume", "/tank/media"}, {"mp", "/media"}}}}}});
    add(k_tmp, "server/a", {{"vmid", 104}});
    add(k_win, "server/a", {{"vmid", 105}});
    add(k_job, "server/a", {}, {k_web, k_win});
    changes(k_storage,
            {{"password", {{"$sealed", "x"}}}, {"content", {"backup"}}, {"notes", long_text()}});
    changes(k_tmp, {{"memory", "512MiB"}});
    backups_["weekly"] = {.guests = {k_web, k_win}, .jobs = {}, .storage = "box"};
  }

  std::string text() const { return render_runbook(desired_, backups_, plan_); }

 private:
  static std::string long_text() { return std::string(500, 'x'); }

  void scope(const std::string& name, const Json& settings) {
    desired_.scopes[name].name = name;
    desired_.scopes[name].settings = settings;
  }

  void add(const Address& address,
           const std::string& scope,
           const Json& spec,
           std::vector<Address> needs = {}) {
    Resource resource;
    resource.address = address;
    resource.scope = scope;
    resource.spec = spec;
    resource.depends_on = std::move(needs);
    desired_.resources.emplace(address, std::move(resource));
    Change change;
    change.address = address;
    change.where = SourceSpan{"aegis.yaml", 7, 3, 1};
    plan_.changes.push_back(std::move(change));
    Step step;
    step.address = address;
    plan_.steps.push_back(std::move(step));
  }

  void changes(const Address& address, const std::vector<std::pair<std::string, Json>>& values) {
    for (Change& change : plan_.changes) {
      if (change.address != address) continue;
      for (const auto& [path, value] : values) {
        AttributeChange attribute;
        attribute.path = path;
        attribute.after = value;
        change.attributes.push_back(std::move(attribute));
      }
    }
  }

  Desired desired_;
  Backups backups_;
  Plan plan_;
};

bool contains(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

TEST_CASE("a runbook restores what has a backup, disk by disk") {
  const std::string text = System().text();
  CHECK(contains(text,
                 "### container/web, number 103\n\n"
                 "The backup `weekly` is made of it. The newest is the last in the list; put its "
                 "name for VOLUME:\n\n"
                 "    pvesm list box --content backup --vmid 103\n"
                 "    pct restore 103 VOLUME --rootfs local-zfs:8 --mp0 'tank:2,mp=/data' --mp1 "
                 "'/tank/media,mp=/media'\n"
                 "    pct start 103\n"));
  CHECK(contains(text, "    qmrestore VOLUME 105\n    qm start 105\n"));
}

TEST_CASE("a runbook makes anew what has no backup") {
  CHECK(contains(System().text(),
                 "No backup is made of it. Make it anew:\n\n- container/tmp: memory \"512MiB\"\n"));
}

TEST_CASE("a runbook has what needs a guest after the guests, and the stacks after all") {
  const std::string text = System().text();
  const auto at = [&](const std::string& part) { return text.find(part); };
  REQUIRE(at("Then these:\n\n- server/a/backup-job/weekly\n") != std::string::npos);
  CHECK(at("- server/a/storage/box") < at("### container/web"));
  CHECK(at("### machine/win") < at("- server/a/backup-job/weekly"));
  CHECK(at("- server/a/backup-job/weekly") < at("## stack/core in container/web"));
}

TEST_CASE("a runbook holds no secret, and says where long values are found") {
  const std::string text = System().text();
  CHECK(contains(text, "password [redacted]"));
  CHECK(contains(text, "notes as in aegis.yaml:7:3"));
}

TEST_CASE("names with blanks stand in quotes in a runbook's commands") {
  CHECK(contains(System().text(), "--file '/srv/my project/compose.yaml' up --detach"));
}

}  // namespace
}  // namespace aegis
