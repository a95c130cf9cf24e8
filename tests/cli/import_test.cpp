#include <catch2/catch.hpp>

#include "base/files.h"
#include "cli/project.h"

namespace aegis::test {
namespace {

std::string servers_only() {
  const std::string all = manifest_with("");
  return all.substr(0, all.find("containers:"));
}

/// A server with a container that a manifest has made, and no manifest of it any more.
void make_container(const Project& project) {
  project.write("aegis.yaml",
                manifest_with(container_text("web",
                                             101,
                                             "    cores: 4\n    swap: 1GiB\n"
                                             "    features: { nesting: true, keyctl: true }\n"
                                             "    tags: [prod]\n    protection: true\n"
                                             "    description: \"a\\nb: c\"\n")));
  REQUIRE(project.run({"apply", "--auto-approve"}).exit_code == 0);
  project.write("aegis.yaml", servers_only());
}

/// Sections of the server, most kinds of objects in them, and a machine.
constexpr const char* k_sections = R"(    storage:
      storagebox:
        type: cifs
        server: u123456.your-storagebox.de
        share: backup
        subdir: /demo
        username: u123456
        password: ${env:BOX}
        content: [backup]
        prune-backups: { keep-daily: 7, keep-weekly: 4 }
    access:
      roles:
        Watcher: { privileges: [Sys.Audit, VM.Audit] }
      groups:
        admins: { comment: people, acl: { /vms: { roles: [PVEVMAdmin, PVEAuditor], propagate: false } } }
      users:
        exporter@pve: { comment: reads metrics, groups: [admins], acl: { /: [PVEAuditor, Watcher] } }
      tokens:
        "exporter@pve!prometheus": { secret_file: exporter.token, acl: { /: [PVEAuditor] } }
      pools:
        production: { comment: what people depend on, containers: [web], storage: [storagebox] }
    notifications:
      endpoints:
        discord:
          type: webhook
          url: "https://discord.com/api/webhooks/{{ secrets.hook }}"
          method: post
          header: { Content-Type: application/json }
          body: '{"content": "{{ severity }}: {{ escape title }}"}'
          secret: { hook: "${env:HOOK}" }
      matchers:
        problems: { target: [discord], match-severity: [warning, error, unknown] }
    metrics:
      tsdb: { type: influxdb, server: 192.0.2.9, port: 8086, influxdbproto: http, token: "${env:HOOK}" }
    jobs:
      backup:
        weekly:
          comment: the whole container, off site
          schedule: sun 02:00
          vmid: [101]
          storage: storagebox
          prune-backups: { keep-weekly: 4 }
          fleecing: { enabled: true }
          notes-template: "{{guestname}} on {{node}}"
    firewall:
      datacenter:
        policy_in: REJECT
        log_ratelimit: { enable: true, burst: 9 }
        aliases:
          office: { cidr: 198.51.100.0/24, comment: administrators }
          lan: 10.0.0.0/8
        ipsets:
          management: [office, { cidr: 192.0.2.7, comment: on call }, { cidr: 192.0.2.8, nomatch: true }]
          quiet: { comment: nobody, entries: [] }
        groups:
          web: [{ in: ACCEPT, macro: HTTP }, { in: ACCEPT, macro: HTTPS, enable: false }]
        rules:
          - { in: ACCEPT, macro: Ping }
          - { in: ACCEPT, proto: tcp, dport: [80, "8000:8010"], source: [10.0.0.1, 10.0.0.2] }
          - { in: ACCEPT, proto: icmp, icmp_type: echo-request, log: info, comment: "a: b" }
      node:
        nosmurfs: false
        nf_conntrack_helpers: [ftp, tftp]
        rules: [{ group: web }]
    interfaces:
      vmbr1: { type: bridge, cidr: 10.10.10.1/24, comments: NAT for the guests }
      vmbr2: { type: bridge, bridge_vlan_aware: true, mtu: 1400 }
    dns: { search: example.net, nameservers: [1.1.1.1, 8.8.8.8] }
    hosts: { entries: { 10.10.10.103: [aegis.example.net, aegis] } }
    time: { timezone: Europe/Berlin }
    options:
      registered-tags: [production]
      next-id: { lower: 100, upper: 1000 }
      migration: { type: secure }
    repositories: { enterprise: false, no-subscription: true }
    ha:
      resources:
        ct:101: { state: started, max_restart: 3 }
)";

std::string everything() {
  const std::string containers =
      container_text("web", 101, "    devices: { dev0: { path: /dev/net/tun } }\n");
  return servers_only() + k_sections + "containers:\n" + containers +
         "machines:\n"
         "  box:\n"
         "    server: demo\n"
         "    vmid: 201\n"
         "    memory: 2GiB\n"
         "    disks: { scsi0: { storage: local-zfs, size: 8GiB }, "
         "ide0: { cdrom: local:iso/debian-12.9.0-amd64-netinst.iso } }\n"
         "    network: { net0: { bridge: vmbr1, ip: 10.10.10.50/24, gw: 10.10.10.1 } }\n"
         "    cloudinit: { storage: local-zfs, user: ops }\n"
         "    agent: true\n";
}

}  // namespace

TEST_CASE("a whole server is imported into a manifest that plans nothing") {
  Project project;
  project.set("BOX", "a long password");
  project.set("HOOK", "123/abc");
  project.write("aegis.yaml", everything());
  const Run made = project.run({"apply", "--auto-approve"});
  INFO(made.out << made.err);
  REQUIRE(made.exit_code == 0);
  project.write("aegis.yaml", servers_only());
  const std::string file = project.folder() + "/found.yaml";
  const Run run = project.run({"import", "--server", "demo", "--out", file});
  INFO(run.out << run.err);
  REQUIRE(run.exit_code == 0);
  const std::string text = read_file(file).value();
  INFO(text);
  for (const char* words : {"    storage:\n",
                            "        password: \"${secret:storagebox_password}\"\n",
                            "  storagebox_password: { env: STORAGEBOX_PASSWORD }\n",
                            "          secret: { hook: \"${secret:discord_hook}\" }\n",
                            "/vms: { propagate: false, roles: [PVEAuditor, PVEVMAdmin] }\n",
                            "containers:\n",
                            "machines:\n"}) {
    CHECK(text.find(words) != std::string::npos);
  }
  CHECK(text.find("a long password") == std::string::npos);
  CHECK(text.find("aegisctl") == std::string::npos);
  // A secret that is not there stops the plan, as ever; once it is, there is nothing to do.
  CHECK(project.run({"plan"}).exit_code == 3);
  for (const char* variable : {"STORAGEBOX_PASSWORD", "DISCORD_HOOK", "TSDB_TOKEN"}) {
    project.set(variable, "known again");
  }
  // The only thing that this tool has not made is taken over.
  const Run taken =
      project.run({"apply", "--adopt", "server/demo/token/root@pam!aegis", "--auto-approve"});
  INFO(taken.out << taken.err);
  CHECK(taken.exit_code == 0);
  const Run plan = project.run({"plan", "--detailed-exitcode"});
  INFO(plan.out << plan.err);
  CHECK(plan.exit_code == 0);
}

TEST_CASE("what was made by hand is imported to be taken over") {
  Project project;
  project.write("aegis.yaml", servers_only());
  const std::string file = project.folder() + "/found.yaml";
  const Run run = project.run({"import", "server/demo", "--out", file});
  INFO(run.out << run.err);
  REQUIRE(run.exit_code == 0);
  const std::string text = read_file(file).value();
  INFO(text);
  CHECK(text.starts_with("servers:\n  demo:\n"));
  CHECK(text.find("local-zfs: { type: zfspool") != std::string::npos);
  CHECK(text.find("debian-12-standard_12.7-1_amd64.tar.zst: { storage: local }") !=
        std::string::npos);
  // Proxmox's own: root, the built-in roles, the targets that a fresh host has.
  CHECK(text.find("users:") == std::string::npos);
  CHECK(text.find("roles:") == std::string::npos);
  CHECK(text.find("mail-to-root") == std::string::npos);
}

TEST_CASE("import writes a manifest that plans nothing") {
  const Project project;
  make_container(project);
  const std::string file = project.folder() + "/found.yaml";
  const Run run = project.run({"import", "container", "--server", "demo", "--out", file});
  INFO(run.out << run.err);
  REQUIRE(run.exit_code == 0);
  const std::string text = read_file(file).value();
  INFO(text);
  CHECK(text.starts_with("containers:\n  web:\n    server: demo\n    vmid: 101\n    cores: 4\n"));
  CHECK(text.find("    features: { keyctl: true, nesting: true }\n") != std::string::npos);
  CHECK(text.find("aegisctl") == std::string::npos);
  CHECK(project.run({"plan", "--detailed-exitcode"}).exit_code == 0);
}

TEST_CASE("import prints without --out, and leaves out what the manifests have") {
  const Project project;
  make_container(project);
  const Run printed = project.run({"import", "container/web"});
  INFO(printed.err);
  CHECK(printed.exit_code == 0);
  CHECK(printed.out.starts_with("containers:\n"));
  project.write("found.yaml", printed.out);
  const Run again = project.run({"import", "container"});
  CHECK(again.exit_code == 0);
  CHECK(again.out.empty());
  CHECK(again.err.find("Nothing to import") != std::string::npos);
}

TEST_CASE("import neither overwrites a file nor takes an unknown server") {
  const Project project;
  make_container(project);
  const std::string file = project.folder() + "/notes.txt";
  project.write("notes.txt", "mine");
  const Run run = project.run({"import", "container", "--out", file});
  CHECK(run.exit_code == 1);
  CHECK(run.err.find("notes.txt") != std::string::npos);
  CHECK(read_file(file).value() == "mine");
  CHECK(project.run({"import", "--server", "dmeo"}).exit_code == 3);
}

}  // namespace aegis::test
