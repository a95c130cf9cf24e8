#include "manifest/schema.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <functional>
#include <set>

#include "base/units.h"
#include "manifest/check.h"
#include "manifest/json_schema.h"
#include "manifest/project_folder.h"
#include "manifest/schemas.h"
#include "manifest/yaml.h"
#include "support/source_folder.h"

namespace aegis::test {
namespace {

using Visit =
    std::function<void(const std::string& path, const Json& schema, bool required, bool named)>;

// Calls `visit` for `schema` and everything below; `named` is false for list items.
void walk(
    const std::string& path, const Json& schema, bool required, bool named, const Visit& visit) {
  visit(path, schema, required, named);
  const Json& needs = get(schema, "required");
  for (const auto& [key, member] : get(schema, "properties").items()) {
    const bool is_required = std::find(needs.begin(), needs.end(), key) != needs.end();
    walk(path + "." + key, member, is_required, true, visit);
  }
  for (const auto& [key, member] : get(schema, "patternProperties").items())
    walk(path + "." + key, member, true, true, visit);
  const Json& others = get(schema, "additionalProperties");
  if (others.is_object()) walk(path + ".*", others, true, true, visit);
  const Json& items = get(schema, "items");
  if (items.is_object()) walk(path + "[]", items, true, false, visit);
}

const std::set<std::string> k_keywords{
    "$schema",   "title",         "description",       "default",  "examples",
    "type",      "properties",    "patternProperties", "items",    "additionalProperties",
    "required",  "minProperties", "maxProperties",     "minItems", "enum",
    "pattern",   "minLength",     "maxLength",         "minimum",  "maximum",
    "x-default", "x-secret",      "x-takes-secrets",   "x-unit",   "exclusiveMinimum"};
const std::set<std::string> k_types{
    "string", "integer", "number", "boolean", "object", "array", "null"};

struct Verdicts {
  bool ours;
  bool theirs;
};

Verdicts judge(const std::string& text, const Json& schema) {
  Diagnostics diagnostics;
  const auto documents = parse_yaml(text, "a.yaml", diagnostics);
  REQUIRE(diagnostics.empty());
  check(documents.at(0), schema, "", diagnostics);
  return {!has_errors(diagnostics), is_valid(schema, to_json(documents.at(0)))};
}

/// True when a schema of that title is in use somewhere below `schema`.
bool has_part(const Json& schema, const std::string& title) {
  if (text_or(schema, "title") == title) return true;
  if (!schema.is_structured()) return false;
  return std::any_of(
      schema.begin(), schema.end(), [&](const Json& part) { return has_part(part, title); });
}

}  // namespace

TEST_CASE("the built-in schemas are those of the folder, each one JSON and in use") {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(source_folder() / "schemas")) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".schema.json")) continue;
    ++files;
    INFO(name);
    const std::string section = name.substr(0, name.find('.'));
    const auto schema = parse_json(schema_text(section));
    REQUIRE(schema);
    CHECK(get(*schema, "$schema") == "http://json-schema.org/draft-07/schema#");
    CHECK_FALSE(text_or(*schema, "title").empty());
    if (section != "manifest") CHECK(has_part(project_schema(), text_or(*schema, "title")));
  }
  CHECK(files > project_schema().at("properties").size());
  CHECK(schema_text("nothing").empty());
}

TEST_CASE("the schemas use JSON Schema's words rightly") {
  walk("",
       project_schema(),
       true,
       true,
       [](const std::string& path, const Json& schema, bool, bool) {
         INFO(path);
         REQUIRE(schema.is_object());
         for (const auto& [keyword, value] : schema.items()) {
           INFO(keyword);
           CHECK(k_keywords.contains(keyword));
         }
         for (const std::string& type : allowed_types(schema)) CHECK(k_types.contains(type));
         for (const Json& needed : get(schema, "required"))
           CHECK(schema.at("properties").contains(needed.get<std::string>()));
         if (allowed_types(schema) == std::vector<std::string>{"object"})
           CHECK(schema.contains("additionalProperties"));
       });
  CHECK(is_valid(project_schema(), Json::object()));
}

TEST_CASE("every field says what it is, what it is by default, and shows an example") {
  walk("",
       project_schema(),
       true,
       true,
       [](const std::string& path, const Json& schema, bool required, bool named) {
         if (!named) return;
         INFO(path);
         const std::string description = text_or(schema, "description");
         CHECK(description.size() > 5);
         CHECK(description.ends_with('.'));
         CHECK(get(schema, "examples").is_array());
         CHECK_FALSE(get(schema, "examples").empty());
         const bool has_default = schema.contains("default") || schema.contains("x-default");
         CHECK(required != has_default);
       });
}

TEST_CASE("every example and every default is itself right") {
  walk("",
       project_schema(),
       true,
       true,
       [](const std::string& path, const Json& schema, bool, bool) {
         INFO(path);
         const bool is_free = get(schema, "x-unit") == "size";
         for (const Json& example : get(schema, "examples")) {
           INFO(example);
           const bool is_reference = dump_json(example).find("${") != std::string::npos;
           if (!is_reference) CHECK(is_valid(schema, example));
           if (is_free) CHECK(parse_size(example.get<std::string>()));
         }
         if (schema.contains("default")) CHECK(is_valid(schema, schema.at("default")));
       });
}

TEST_CASE("our check and an independent validator agree") {
  struct Case {
    bool right;
    std::string text;
  };
  const auto server = [](const std::string& section) {
    return "servers: {a: {ssh: {host: h}, " + section + "}}";
  };
  const auto container = [](const std::string& more) {
    return "containers: {c: {server: s, vmid: 100, rootfs: {storage: l, size: 1GiB}" + more + "}}";
  };
  const auto access = [](const std::string& more) {
    return "servers: {a: {access: {" + more + "}}}";
  };
  const auto machine = [](const std::string& more) {
    return "machines: {m: {server: s, vmid: 100" + more + "}}";
  };
  const std::vector<Case> table{
      {true, "{}"},
      {true, "x-a: {b: [1]}"},
      {false, "xa: 1"},
      {false, "servers: []"},
      {true, "servers: {}"},
      {true, "servers: {a: {}}"},
      {false, "servers: {a: }"},
      {false, "servers: {a: {ssh: {}}}"},
      {true, "servers: {a: {ssh: {host: h, port: 65535}}}"},
      {false, "servers: {a: {ssh: {host: h, port: 65536}}}"},
      {false, "servers: {a: {ssh: {host: h, port: 0}}}"},
      {false, "servers: {a: {ssh: {host: h, host_key: MD5:x}}}"},
      {true, "servers: {a: {proxmox: {token: x}}}"},
      {true, "servers: {a: {proxmox: {token: {id: 'a@b!c', secret: d}}}}"},
      {false, "servers: {a: {proxmox: {token: {id: 'a@b!c'}}}}"},
      {false, "servers: {a: {proxmox: {token: {id: 'abc', secret: d}}}}"},
      {false, "servers: {a: {proxmox: {token: 5}}}"},
      {false, "servers: {a: {proxmox: {token: [a]}}}"},
      {false, "servers: {a: {proxmox: {fingerprint: 'AA:BB'}}}"},
      {true, access("users: {a@pve: {groups: [x], acl: {/: [PVEAuditor]}}}")},
      {true, access("users: {a@pve: {acl: {/: {roles: [PVEAuditor], propagate: false}}}}")},
      {false, access("users: {a@pve: {acl: {/: []}}}")},
      {false, access("users: {a@pve: {acl: {/: {propagate: false}}}}")},
      {false, access("users: {a@pve: {acl: {/: PVEAuditor}}}")},
      {false, access("users: {a@pve: {password: short}}")},
      {false, access("users: {a@pve: {expire: -1}}")},
      {true, access("roles: {R: {privileges: [VM.Config.CPU]}}")},
      {false, access("roles: {R: {privileges: [VM]}}")},
      {false, access("roles: {R: {}}")},
      {true, access("tokens: {a: {secret_file: f, privsep: false}}")},
      {false, access("tokens: {a: {secret: x}}")},
      {true, access("pools: {p: {containers: [a], storage: [local-zfs]}}")},
      {false, access("pools: {p: {storage: ['a b']}}")},
      {true, server("firewall: {}")},
      {true, server("firewall: {datacenter: {enable: true, rules: [{in: ACCEPT}]}}")},
      {false, server("firewall: {datacenter: {policy_in: accept}}")},
      {false, server("firewall: {guest: {}}")},
      {false, server("firewall: {node: {aliases: {a1: 10.0.0.1}}}")},
      {true, server("firewall: {node: {rules: [{out: DROP, proto: tcp, dport: [22, '80:90']}]}}")},
      {false, server("firewall: {node: {rules: [{in: ALLOW}]}}")},
      {false, server("firewall: {node: {rules: [{in: ACCEPT, port: 22}]}}")},
      {true, server("firewall: {datacenter: {aliases: {lan: {cidr: 10.0.0.0/8, comment: c}}}}")},
      {false, server("firewall: {datacenter: {aliases: {1an: 10.0.0.0/8}}}")},
      {true,
       server("firewall: {datacenter: {ipsets: {a1: [10.0.0.1, {cidr: b, nomatch: true}]}}}")},
      {true, server("firewall: {datacenter: {ipsets: {a1: {comment: c, entries: [10.0.0.1]}}}}")},
      {false, server("firewall: {datacenter: {ipsets: {a1: 10.0.0.1}}}")},
      {true, server("firewall: {datacenter: {groups: {web: [{in: ACCEPT}]}}}")},
      {false, server("firewall: {datacenter: {groups: {w: [{in: ACCEPT}]}}}")},
      {true, container(", firewall: {enable: true, dhcp: false, rules: [{group: web}]}")},
      {false, container(", firewall: {tcpflags: true}")},
      {true, "servers: {a: {interfaces: {vmbr1: {type: bridge, cidr: 10.0.0.1/24}}}}"},
      {false, "servers: {a: {interfaces: {vmbr1: {cidr: 10.0.0.1/24}}}}"},
      {false, "servers: {a: {interfaces: {vmbr1: {type: bridge, cidr: 10.0.0.1}}}}"},
      {false, "servers: {a: {interfaces: {vmbr1: {type: bridge, mtu: 100}}}}"},
      {true, "servers: {a: {dns: {search: a.b, nameservers: [1.1.1.1]}}}"},
      {false, "servers: {a: {dns: {search: a.b, nameservers: []}}}"},
      {true, "servers: {a: {hosts: {entries: {10.0.0.1: [a.b, a]}}}}"},
      {false, "servers: {a: {hosts: {entries: {10.0.0.1: []}}}}"},
      {true, "servers: {a: {options: {migration: {type: secure}}}}"},
      {false, "servers: {a: {options: {migration: {network: 10.0.0.0/24}}}}"},
      {true, "servers: {a: {repositories: {no-subscription: true}}}"},
      {false, "servers: {a: {repositories: {no-subscription: on top}}}"},
      {true, "servers: {a: {facts: {memory: 128GiB, price: {monthly: 89}}}}"},
      {false, "servers: {a: {facts: {memory: 128}}}"},
      {true, container("")},
      {false, "containers: {c: {server: s, vmid: 100}}"},
      {false, "containers: {c: {server: s, rootfs: {storage: l, size: 1GiB}}}"},
      {true, container(", cores: 8192")},
      {false, container(", cores: 8193")},
      {false, container(", cores: -1")},
      {true, container(", cpulimit: 0")},
      {true, container(", cpulimit: 1.5")},
      {false, container(", cpulimit: x")},
      {true, container(", memory: 512MiB")},
      {true, container(", memory: 1.5 GB")},
      {true, container(", memory: 64k")},
      {true, container(", memory: 0")},
      {true, container(", memory: '0'")},
      {false, container(", memory: 512")},
      {false, container(", memory: '512'")},
      {false, container(", memory: 512.5")},
      {false, container(", memory: GiB")},
      {false, container(", memory: 5XB")},
      {true, container(", state: stopped")},
      {false, container(", state: Stopped")},
      {false, container(", state: true")},
      {true, container(", hostname: a.b-c.d")},
      {false, container(", hostname: -a")},
      {false, container(", hostname: ''")},
      {true, container(", nameserver: 1.1.1.1")},
      {true, container(", nameserver: [1.1.1.1]")},
      {false, container(", nameserver: [1]")},
      {false, container(", nameserver: {}")},
      {true, container(", mount_points: {mp255: {mp: /a}}")},
      {false, container(", mount_points: {mp256: {mp: /a}}")},
      {true, container(", devices: {dev0: {path: /dev/net/tun, mode: '0666', gid: 44}}")},
      {false, container(", devices: {dev0: {path: /dev/net/tun, mode: '666'}}")},
      {false, container(", devices: {dev256: {path: /dev/net/tun}}")},
      {false, container(", devices: {dev0: {path: /etc/passwd}}")},
      {false, container(", devices: {dev0: {}}")},
      {true,
       container(", hookscript: 'local:snippets/a.sh', console: false, cmode: shell, tty: 0")},
      {false, container(", hookscript: 'local:iso/a.iso'")},
      {false, container(", cmode: vnc")},
      {false, container(", tty: 7")},
      {false, container(", mount_points: {mp0: {}}")},
      {true, container(", network: {eth0: {bridge: b, ip: 10.0.0.1/24}}")},
      {true, container(", network: {eth0: {bridge: b, ip: dhcp}}")},
      {false, container(", network: {eth0: {bridge: b, ip: 10.0.0.1}}")},
      {false, container(", network: {eth0: {}}")},
      {false, container(", network: {eth0: {bridge: b, tag: 4095}}")},
      {true, container(", features: {mount: [nfs]}")},
      {false, container(", features: {nesting: 1}")},
      {true, container(", password: '12345'")},
      {false, container(", password: '1234'")},
      {false, container(", tags: ['a b']")},
      {true, container(", tags: []")},
      {true, machine("")},
      {false, "machines: {m: {server: s}}"},
      {true, machine(", agent: true")},
      {true, machine(", agent: {enabled: true, type: isa}")},
      {false, machine(", agent: {enabled: true, kind: isa}")},
      {false, machine(", agent: yes please")},
      {true, machine(", disks: {scsi30: {storage: l, size: 1GiB}, ide2: {cdrom: none}}")},
      {false, machine(", disks: {scsi31: {storage: l, size: 1GiB}}")},
      {false, machine(", disks: {efidisk0: {storage: l}}")},
      {false, machine(", disks: {scsi0: {storage: l, size: 1}}")},
      {true, machine(", network: {net31: {bridge: b, model: vmxnet3}}")},
      {false, machine(", network: {eth0: {bridge: b}}")},
      {false, machine(", network: {net0: {bridge: b, ip: manual}}")},
      {true, machine(", hotplug: []")},
      {false, machine(", hotplug: [cdrom]")},
      {false, machine(", cloudinit: {user: ops}")},
      {true, machine(", clone: {vmid: 100, full: false}")},
      {false, machine(", serial0: tty")},
      {true, "stacks: {s: {compose: a.yaml}}"},
      {false, "stacks: {s: {}}"},
      {false, "stacks: {s: {compose: []}}"},
      {true, "stacks: {s: {compose: [a, b], environment: {A: 1, B: true, C: x, D: 1.5}}}"},
      {false, "stacks: {s: {compose: a, environment: {A: }}}"},
      {false, "stacks: {s: {compose: a, docker: tcp://x}}"},
      {false, "stacks: {s: {compose: a, project: Upper}}"},
      {true, server("storage: {box: {type: dir, path: /a, content: [iso]}}")},
      {false, server("storage: {box: {type: dir, path: /a}}")},
      {false, server("storage: {box: {type: floppy, content: [iso]}}")},
      {false, server("storage: {box: {type: dir, path: a, content: [iso]}}")},
      {false, server("storage: {box: {type: dir, content: [films]}}")},
      {false, server("storage: {1box: {type: dir, content: [iso]}}")},
      {true, server("metrics: {ab: {type: graphite, server: s, port: 2003}}")},
      {false, server("metrics: {ab: {type: graphite, server: s}}")},
      {true, server("notifications: {endpoints: {ab: {type: gotify}}}")},
      {false, server("notifications: {endpoints: {a: {type: gotify}}}")},
      {false, server("notifications: {matchers: {ab: {match-severity: [bad]}}}")},
      {false, server("notifications: {matchers: {ab: {match-field: [type=x]}}}")},
      {true, server("jobs: {backup: {ab: {schedule: daily, vmid: [100]}}}")},
      {false, server("jobs: {backup: {ab: {schedule: daily, vmid: [99]}}}")},
      {false, server("jobs: {replication: {web: {target: b}}}")},
      {true, server("ha: {resources: {'ct:103': {state: ignored}}}")},
      {false, server("ha: {resources: {web: {}}}")},
      {true, server("os: {}")},
      {true, server("os: {directories: {/a: {}, /b: {owner: '0', mode: '2750'}}}")},
      {false, server("os: {directories: {a: {}}}")},
      {false, server("os: {directories: {/a: {owner: 'A b'}}}")},
      {false, server("os: {directories: {/a: {mode: '0999'}}}")},
      {false, server("os: {directories: {/a: {content: x}}}")},
      {true, server("os: {packages: {curl: present, a.b+c: {state: held, version: '1:2~3'}}}")},
      {false, server("os: {packages: {curl: installed}}")},
      {false, server("os: {packages: {-curl: present}}")},
      {false, server("os: {packages: {curl: {version: 'a b'}}}")},
      {true, server("os: {groups: {crew: {gid: 1200}}, users: {a: {groups: [crew], uid: 0}}}")},
      {false, server("os: {groups: {Crew: {}}}")},
      {false, server("os: {users: {a: {uid: -1}}}")},
      {false, server("os: {users: {a: {shell: sh}}}")},
      {false, server("os: {users: {a: {authorized_keys: ['#x']}}}")},
      {true, container(", os: {files: {/a: {content: x, validate: [sh, '%s']}}}")},
      {false, container(", os: {files: {/a: {content: 5}}}")},
      {false, container(", os: {files: {/a: {validate: []}}}")},
      {true, server("os: {jobs: {a: {schedule: daily, command: ls, timeout: 1h30m}}}")},
      {true,
       server("os: {jobs: {a: {schedule: [daily], command: [ls], on_failure: [b@.service]}}}")},
      {false, server("os: {jobs: {a: {schedule: daily}}}")},
      {false, server("os: {jobs: {a: {schedule: [], command: ls}}}")},
      {false, server("os: {jobs: {a: {schedule: daily, command: ls, timeout: 20}}}")},
      {false, server("os: {jobs: {A: {schedule: daily, command: ls}}}")},
      {true, server("os: {fail2ban: {sshd: {bantime: '-1', port: [ssh], maxretry: 1}}}")},
      {false, server("os: {fail2ban: {sshd: {maxretry: 0}}}")},
      {false, server("os: {fail2ban: {DEFAULT: {}}}")},
      {true, server("os: {maintenance: {d: {schedule: daily, tasks: [{name: a, command: ls}]}}}")},
      {false, server("os: {maintenance: {d: {schedule: daily, tasks: []}}}")},
      {false, server("os: {maintenance: {d: {schedule: daily, tasks: [{command: ls}]}}}")},
      {true, server("os: {ssh: {port: [22], options: {UseDNS: false}}}")},
      {false, server("os: {ssh: {}}")},
      {false, server("os: {ssh: {port: [0]}}")},
      {false, server("os: {ssh: {permit_root_login: never}}")},
      {false, server("os: {ssh: {options: {useDNS: x}}}")},
      {true, server("os: {files: {/a: {content: x, guarded: true}}}")},
      {true, server("os: {git: {/a: {repository: 'https://h/r.git', ref: v1.0, owner: a}}}")},
      {true, server("os: {git: {/a: {repository: 'git@h:r.git', ref: v1}}}")},
      {false, server("os: {git: {/a: {repository: 'ext::sh -c id', ref: v1}}}")},
      {false, server("os: {git: {/a: {repository: '-u', ref: v1}}}")},
      {false, server("os: {git: {/a: {repository: 'https://h/r.git', ref: '--force'}}}")},
      {false, server("os: {git: {/a: {repository: 'https://h/r.git'}}}")},
      {true, "windows: {a: {schedule: daily, duration: 1h}}"},
      {true, "windows: {a: {schedule: [daily, 'Sun 02:00'], duration: 1h30m}}"},
      {false, "windows: {a: {schedule: daily}}"},
      {false, "windows: {a: {schedule: [], duration: 1h}}"},
      {false, "windows: {a: {schedule: daily, duration: 1}}"},
      {true, server("window: a")},
      {true, container(", window: {name: a, from: recreate}")},
      {true, machine(", window: a")},
      {false, container(", window: {from: recreate}")},
      {false, container(", window: {name: a, from: reboot}")},
      {true, server("os: {sysctl: {vm.swappiness: 10, net.ipv4.conf.eth0/1.x: 4 5 6}}")},
      {false, server("os: {sysctl: {swappiness: 10}}")},
      {false, server("os: {sysctl: {net.//.//.etc: 1}}")},
      {false, server("os: {sysctl: {vm.x: true}}")},
      {true, server("os: {logrotate: {a: {files: [/a], max_size: 1MiB}}}")},
      {false, server("os: {logrotate: {a: {files: []}}}")},
      {false, server("os: {logrotate: {a: {files: [a], every: night}}}")},
      {true,
       "backups: {ab: {of: [container/a, machine/b], storage: s, schedule: daily, rpo: 1d12h}}"},
      {true, "backups: {ab: {of: [container/a], storage: s, schedule: daily, keep: {all: true}}}"},
      {true, "backups: {ab: {on: server/a, postgres: {databases: [a]}, schedule: daily}}"},
      {true, "backups: {ab: {on: server/a, command: [a, b], schedule: daily, to: /a/b}}"},
      {false, "backups: {ab: {on: stack/a, postgres: {}, schedule: daily}}"},
      {false, "backups: {ab: {on: server/a, directories: [a], schedule: daily}}"},
      {false, "backups: {ab: {on: server/a, postgres: {databases: ['a b']}, schedule: daily}}"},
      {false, "backups: {ab: {on: server/a, encrypt: {recipients: [x]}, schedule: daily}}"},
      {false, "backups: {ab: {on: server/a, remote: {host: 'a b', path: p}, schedule: daily}}"},
      {false, "backups: {ab: {of: [], storage: s, schedule: daily}}"},
      {false, "backups: {ab: {of: [stack/a], storage: s, schedule: daily}}"},
      {false, "backups: {ab: {of: [container/a], storage: s}}"},
      {false, "backups: {ab: {of: [container/a], storage: s, schedule: daily, rpo: 24}}"},
      {false, "backups: {ab: {of: [container/a], storage: s, schedule: daily, keep: {daily: -1}}}"},
      {true, "alerts: {on: container/a, rules: {cpu: {above: 90%, for: 5m}, io_wait: {}}}"},
      {true, "alerts: {rules: {a: {when: container_restarting, above: 3}}}"},
      {false, "alerts: {on: stack/a}"},
      {false, "alerts: {rules: {cpu: {above: much}}}"},
      {false, "alerts: {rules: {cpu: {severity: bad}}}"},
      {false, "alerts: {rules: {cpu: {for: 5 minutes}}}"},
      {true, "alerts: {relay: {listen: '10.0.0.1:9097', token: x}, proxmox: {servers: [a]}}"},
      {false, "alerts: {relay: {listen: 'host'}}"},
      {false, "alerts: {proxmox: {}}"},
      {false,
       "alerts: {channels: {a: {whatsapp: {token: x, from: '1', to: ['07700'], template: t}}}}"},
      {false, "alerts: {channels: {a: {}}}"},
      {false, "alerts: {channels: {a: {telegram: {token: x, chat: '5'}}}}"},
      {false, "alerts: {quiet_hours: {from: '22:00', to: '24:00'}}"},
      {true, "secrets: {a: {env: X}}"},
      {true, "secrets: {a: {command: [x]}}"},
      {true, "secrets: {a: {age: {file: x, identity: y}}}"},
      {false, "secrets: {a: {age: {file: x}}}"},
      {false, "secrets: {a: {age: x}}"},
      {false, "secrets: {a: {command: []}}"},
      {false, "secrets: {a: {env: X, file: Y}}"},
      {false, "secrets: {a: {}}"},
  };
  for (const Case& one : table) {
    INFO(one.text);
    const Verdicts verdicts = judge(one.text, project_schema());
    CHECK(verdicts.ours == one.right);
    CHECK(verdicts.theirs == one.right);
  }
}

TEST_CASE("editors take a reference wherever its value will stand") {
  const Json schema = editor_schema();
  const std::string text =
      "servers: {a: {proxmox: {url: '${env:URL}'}, ssh: {host: h, port: '${env:PORT}'}}}\n"
      "containers: {c: {server: s, vmid: '${env:ID}', onboot: '${env:B}', memory: '${env:M}',\n"
      "                 rootfs: {storage: l, size: 1GiB}, tags: ['${env:T}']}}\n";
  Diagnostics diagnostics;
  const Json document = to_json(parse_yaml(text, "a.yaml", diagnostics).at(0));
  CHECK(is_valid(schema, document));
  CHECK_FALSE(is_valid(project_schema(), document));
  Json wrong = document;
  wrong["containers"]["c"]["vmid"] = "many";
  CHECK_FALSE(is_valid(schema, wrong));
  wrong["containers"]["c"]["vmid"] = 5;
  CHECK_FALSE(is_valid(schema, wrong));
}

TEST_CASE("a pattern never meets a text that is too long for it") {
  CHECK(matches_pattern("^a+$", std::string(1024, 'a')));
  CHECK_FALSE(matches_pattern("^a+$", std::string(1'000'000, 'a')));
}

}  // namespace aegis::test
