#include <array>
#include <catch2/catch.hpp>

#include "kinds/proxmox/container.h"
#include "kinds/proxmox/objects/backup_job.h"
#include "kinds/proxmox/objects/endpoint.h"
#include "kinds/proxmox/objects/ha_group.h"
#include "kinds/proxmox/objects/ha_resource.h"
#include "kinds/proxmox/objects/matcher.h"
#include "kinds/proxmox/objects/metric.h"
#include "kinds/proxmox/objects/replication_job.h"
#include "kinds/proxmox/objects/storage.h"
#include "laws/laws.h"
#include "laws/manifests.h"
#include "laws/proxmox_world.h"

using namespace aegis;
using namespace aegis::laws;

namespace {

/// A server with `sections` (indented by four blanks) in a manifest, and `rest` below it.
Wanted server_with(const std::string& sections, const std::string& rest = "") {
  return from_manifests({{"server.yaml", std::string(k_server_text) + sections + rest}});
}

void check_laws(std::span<const Kind> kinds, std::vector<Wanted> stages) {
  PlanOptions options;
  options.prune = true;
  const LawCase law_case{std::move(stages), kinds, make_proxmox_world, options};
  CHECK(violations_of_rest(law_case) == std::vector<std::string>{});
  CHECK(violations_of_convergence(law_case) == std::vector<std::string>{});
}

}  // namespace

TEST_CASE("storages that are made, changed and moved keep the laws") {
  const std::array<Kind, 1> kinds{storage_kind()};
  const Wanted made = server_with(R"(
    storage:
      archive: { type: dir, path: /var/lib/archive, content: [iso, backup], prune-backups: { keep-last: 2 } }
      images: { type: zfspool, pool: rpool/data, content: [images, rootdir], sparse: true }
)");
  const Wanted changed = server_with(R"(
    storage:
      archive: { type: dir, path: /var/lib/archive, content: [backup], nodes: [pve] }
      images: { type: zfspool, pool: rpool/data, content: [rootdir], blocksize: 16k }
)");
  const Wanted moved = server_with(R"(
    storage:
      archive: { type: dir, path: /var/lib/elsewhere, content: [iso, backup] }
)");
  check_laws(kinds, {made});
  check_laws(kinds, {made, changed});
  check_laws(kinds, {made, moved});
}

TEST_CASE("a Storage Box keeps the laws, its password included") {
  const std::array<Kind, 1> kinds{storage_kind()};
  const auto box = [](const std::string& more) {
    return server_with(R"(
    storage:
      box:
        type: cifs
        server: box.example.net
        share: backup
        username: u1
        password: hunter22
        content: [backup]
)" + more);
  };
  check_laws(kinds, {box("        options: seal\n")});
  check_laws(kinds, {box("        options: seal\n"), box("        subdir: /fsn1\n")});
}

TEST_CASE("metric servers keep the laws") {
  const std::array<Kind, 1> kinds{metric_kind()};
  const Wanted made = server_with(R"(
    metrics:
      influx: { type: influxdb, server: 10.10.10.103, port: 8086, influxdbproto: http, token: hunter22 }
      carbon: { type: graphite, server: 10.10.10.104, port: 2003 }
)");
  const Wanted changed = server_with(R"(
    metrics:
      influx: { type: influxdb, server: 10.10.10.103, port: 8087, token: hunter22, disable: true }
      carbon: { type: influxdb, server: 10.10.10.104, port: 8089 }
)");
  check_laws(kinds, {made});
  check_laws(kinds, {made, changed});
}

TEST_CASE("endpoints and the matchers that name them keep the laws, made, changed and removed") {
  const std::array<Kind, 2> kinds{endpoint_kind(), matcher_kind()};
  const Wanted made = server_with(R"(
    notifications:
      endpoints:
        ops:
          type: webhook
          url: "https://chat.example.net/{{ secrets.hook }}"
          method: post
          header: { Content-Type: application/json }
          body: '{"text": "{{ escape title }}"}'
          secret: { hook: hunter22 }
        mail: { type: smtp, server: m.example.net, from-address: a@example.net, mailto: [b@example.net], password: hunter22 }
      matchers:
        problems: { target: [ops, mail], match-severity: [warning, error] }
)");
  const Wanted changed = server_with(R"(
    notifications:
      endpoints:
        ops:
          type: webhook
          comment: the channel
          url: "https://chat.example.net/{{ secrets.hook }}"
          method: put
          secret: { hook: hunter22, room: hunter22 }
      matchers:
        problems: { target: [ops], mode: any, match-field: ["exact:type=vzdump"] }
)");
  const Wanted gone = server_with("    notifications: { endpoints: {}, matchers: {} }\n");
  check_laws(kinds, {made});
  check_laws(kinds, {made, changed});
  check_laws(kinds, {made, gone});
}

TEST_CASE("backup jobs keep the laws, also when they are for other guests") {
  const std::array<Kind, 1> kinds{backup_job_kind()};
  const Wanted made = server_with(R"(
    jobs:
      backup:
        weekly:
          schedule: sun 02:00
          vmid: [103]
          storage: local
          compress: zstd
          enabled: false
          prune-backups: { keep-weekly: 4 }
        nightly: { schedule: "02:30", exclude: [103], storage: local, exclude-path: [/srv/cache] }
)");
  const Wanted changed = server_with(R"(
    jobs:
      backup:
        weekly: { schedule: sun 03:00, all: true, storage: local, mode: stop }
)");
  check_laws(kinds, {made});
  check_laws(kinds, {made, changed});
}

TEST_CASE("backups keep the laws, also when one is left out") {
  const std::array<Kind, 2> kinds{container_kind(), backup_job_kind()};
  const std::string web =
      "containers:\n  web: { server: fsn1, vmid: 103, rootfs: { storage: local-zfs, size: 1GiB }, "
      "template: 'local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst' }\n";
  const auto with = [&](const std::string& backups) {
    return server_with("", web + "backups: " + backups);
  };
  const std::string hourly =
      "hourly: { of: [container/web], storage: local, schedule: hourly, keep: { last: 2 } }";
  const Wanted made = with(
      "{ " + hourly + ", weekly: { of: [container/web], storage: local, schedule: sun 02:00 } }\n");
  const Wanted fewer = with("{ " + hourly + " }\n");
  const Wanted none = with("{}\n");
  check_laws(kinds, {made});
  check_laws(kinds, {made, fewer});
  check_laws(kinds, {made, none});
}

TEST_CASE("replication jobs keep the laws, to another node too") {
  const std::array<Kind, 2> kinds{container_kind(), replication_job_kind()};
  const std::string web = R"(
containers:
  web:
    server: fsn1
    vmid: 103
    template: "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
    rootfs: { storage: local-zfs, size: 4GiB }
)";
  const auto to = [&](const std::string& job) {
    return server_with("    jobs: { replication: { 103-0: " + job + " } }\n", web);
  };
  check_laws(kinds, {to("{ target: fsn2, rate: 10 }")});
  check_laws(kinds, {to("{ target: fsn2, rate: 10 }"), to("{ target: fsn2, comment: often }")});
  check_laws(kinds, {to("{ target: fsn2 }"), to("{ target: fsn3 }")});
}

TEST_CASE("what is highly available keeps the laws, its group and its guest included") {
  const std::array<Kind, 3> kinds{ha_group_kind(), container_kind(), ha_resource_kind()};
  const std::string web = R"(
containers:
  web:
    server: fsn1
    vmid: 103
    template: "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
    rootfs: { storage: local-zfs, size: 4GiB }
)";
  const Wanted made = server_with(R"(
    ha:
      groups: { both: { nodes: ["pve:2"], nofailback: true } }
      resources: { "ct:103": { group: both, max_restart: 2 } }
)",
                                  web);
  const Wanted changed = server_with(R"(
    ha:
      groups: { both: { nodes: [pve], comment: all nodes } }
      resources: { "ct:103": { comment: the shop } }
)",
                                     web);
  const Wanted gone = server_with("    ha: { groups: {}, resources: {} }\n", web);
  check_laws(kinds, {made});
  check_laws(kinds, {made, changed});
  check_laws(kinds, {made, gone});
}
