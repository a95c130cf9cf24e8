#include <catch2/catch.hpp>
#include <ctime>

#include "kinds/proxmox/container.h"
#include "kinds/proxmox/rig.h"

using namespace aegis;
using namespace aegis::test;

namespace {

/// Ten thousand containers as a host tells them, and the manifest's side of them.
struct Crowd {
  Scope scope{"server/fsn1", {{"endpoint", "proxmox/fsn1"}, {"node", "pve"}}, {}};
  std::vector<Resource> resources;
  Replies replies;

  [[nodiscard]] Batch batch() const {
    Batch batch{scope, {}};
    for (const Resource& resource : resources) batch.resources.push_back(&resource);
    return batch;
  }
};

Json pending_of(int vmid) {
  const auto entry = [](const char* key, Json value) {
    return Json{{"key", key}, {"value", std::move(value)}};
  };
  return Json::array(
      {entry("arch", "amd64"),
       entry("digest", std::to_string(vmid)),
       entry("hostname", "c" + std::to_string(vmid)),
       entry("memory", 1024),
       entry("swap", 512),
       entry("cores", 2),
       entry("unprivileged", 1),
       entry("features", "nesting=1"),
       entry("tags", "aegisctl;web"),
       entry("rootfs", "local-zfs:subvol-" + std::to_string(vmid) + "-disk-0,size=8G"),
       entry("net0", "name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:01,ip=10.0.0.5/8,type=veth")});
}

Crowd make_crowd(int count) {
  Crowd crowd;
  Json list = Json::array();
  for (int vmid = 1000; vmid < 1000 + count; ++vmid) {
    Resource resource;
    resource.address = {"", "container", "c" + std::to_string(vmid)};
    resource.scope = crowd.scope.name;
    resource.spec =
        container_spec(vmid,
                       {{"memory", "1GiB"},
                        {"cores", 2},
                        {"features", {{"nesting", true}}},
                        {"tags", {"web"}},
                        {"network", {{"eth0", {{"bridge", "vmbr0"}, {"ip", "10.0.0.5/8"}}}}}});
    crowd.resources.push_back(std::move(resource));
    list.push_back({{"vmid", vmid}, {"status", "running"}, {"tags", "aegisctl;web"}});
  }
  for (const Query& query : container_kind().queries(crowd.batch(), {})) {
    Json data = Json::array();
    if (query.path.ends_with("/permissions")) data = {{"/", {{"VM.Audit", 1}}}};
    if (query.path.ends_with("/lxc")) data = list;
    const std::size_t at = query.path.find("/lxc/");
    if (at != std::string::npos) data = pending_of(std::stoi(query.path.substr(at + 5)));
    crowd.replies[query] = Reply{200, "OK", {{"data", std::move(data)}}, {}, {}};
  }
  return crowd;
}

/// The CPU time of making both sides of all containers, in seconds.
double cost_of(const Crowd& crowd) {
  Vault vault;
  const Batch batch = crowd.batch();
  const std::clock_t start = std::clock();
  const auto observed = container_kind().interpret(batch, crowd.replies, vault);
  REQUIRE(observed);
  std::size_t equal = 0;
  for (std::size_t i = 0; i < crowd.resources.size(); ++i) {
    const Json wanted = container_kind().normalize(crowd.resources[i], (*observed)[i]);
    if (wanted["network"] == (*observed)[i].attributes["network"]) ++equal;
  }
  const double cost = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  CHECK(equal == crowd.resources.size());
  return cost;
}

}  // namespace

TEST_CASE("the cost of reading containers grows with their number and no faster") {
  const Crowd small = make_crowd(1000);
  const Crowd big = make_crowd(10'000);
  const double small_cost = std::min({cost_of(small), cost_of(small), cost_of(small)});
  const double big_cost = cost_of(big);
  INFO("1,000 cost " << small_cost << " s, 10,000 cost " << big_cost << " s");
  // Ten times the work; the rest is slack for a busy machine and for caches.
  CHECK(big_cost < 30 * small_cost + 0.05);
}

TEST_CASE("one request a container and a few for the host are asked, all in one wave") {
  const Crowd crowd = make_crowd(100);
  CHECK(crowd.replies.size() == 100 + 7);
  CHECK(container_kind().queries(crowd.batch(), crowd.replies).size() == 100 + 7);
}
