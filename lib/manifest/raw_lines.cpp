#include "manifest/raw_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "base/text.h"

namespace aegis {
namespace {

// Those of LXC 2, which Proxmox keeps with a warning, come last.
constexpr std::string_view k_keys =
    "lxc.apparmor.allow_incomplete lxc.apparmor.allow_nesting lxc.apparmor.profile "
    "lxc.apparmor.raw lxc.arch lxc.autodev lxc.cap.drop lxc.cap.keep lxc.console.logfile "
    "lxc.console.path lxc.devtty.dir lxc.environment lxc.group lxc.hook.autodev lxc.hook.clone "
    "lxc.hook.destroy lxc.hook.mount lxc.hook.post-stop lxc.hook.pre-mount lxc.hook.pre-start "
    "lxc.hook.start lxc.hook.stop lxc.hook.version lxc.idmap lxc.include lxc.init.cmd "
    "lxc.init.cwd lxc.init.gid lxc.init.uid lxc.kmsg lxc.log.file lxc.log.level lxc.mount.auto "
    "lxc.mount.entry lxc.mount.fstab lxc.pty.max lxc.rootfs.mount lxc.seccomp.notify.cookie "
    "lxc.seccomp.notify.proxy lxc.seccomp.profile lxc.selinux.context lxc.signal.halt "
    "lxc.signal.reboot lxc.signal.stop lxc.start.auto lxc.start.delay lxc.start.order "
    "lxc.sysctl.fs.mqueue lxc.sysctl.kernel.msgmax lxc.sysctl.kernel.msgmnb "
    "lxc.sysctl.kernel.msgmni lxc.sysctl.kernel.sem lxc.sysctl.kernel.shm_rmid_forced "
    "lxc.sysctl.kernel.shmall lxc.sysctl.kernel.shmmax lxc.sysctl.kernel.shmmni lxc.tty.max "
    "lxc.uts.name "
    "lxc.aa_allow_incomplete lxc.aa_profile lxc.console lxc.devttydir lxc.haltsignal lxc.id_map "
    "lxc.init_cmd lxc.logfile lxc.loglevel lxc.mount lxc.pts lxc.rebootsignal lxc.se_context "
    "lxc.seccomp lxc.stopsignal lxc.tty lxc.utsname";
constexpr std::array<std::string_view, 5> k_families{
    "lxc.cgroup2.", "lxc.prlimit.", "lxc.net.", "lxc.network.", "lxc.limit."};
constexpr std::array<std::string_view, 2> k_refused{"lxc.rootfs.options", "lxc.rootfs.path"};

struct Mapping {
  std::int64_t inside = 0;
  std::int64_t outside = 0;
  std::int64_t count = 0;
};

// "u 0 100000 65536", a type apart.
std::optional<Mapping> read_mapping(const std::vector<std::string>& words) {
  constexpr std::int64_t k_ids = std::int64_t{1} << 32;
  if (words.size() != 4 || (words[0] != "u" && words[0] != "g" && words[0] != "b")) return {};
  const auto inside = as_integer(words[1]);
  const auto outside = as_integer(words[2]);
  const auto count = as_integer(words[3]);
  if (!inside || !outside || !count) return {};
  if (*inside < 0 || *outside < 0 || *count < 1) return {};
  if (*inside + *count > k_ids || *outside + *count > k_ids) return {};
  return Mapping{*inside, *outside, *count};
}

bool overlap(std::int64_t a, std::int64_t a_count, std::int64_t b, std::int64_t b_count) {
  return a < b + b_count && b < a + a_count;
}

class LineChecks {
 public:
  LineChecks(const Resource& container, Reading& reading)
      : container_(container), reading_(reading) {}

  void check() {
    const Json& lines = get(container_.spec, "lxc");
    for (std::size_t i = 0; i < lines.size(); ++i) {
      where_ = container_.place_of(fmt::format("lxc[{}]", i));
      if (!lines[i].is_object() || lines[i].empty()) continue;
      const std::string& key = lines[i].begin().key();
      check_key(key);
      if (key == "lxc.idmap" || key == "lxc.id_map") check_mapping(as_text(*lines[i].begin()));
    }
  }

 private:
  void check_key(const std::string& key) {
    const std::vector<std::string> known = split_any(k_keys, " ");
    const bool in_family =
        std::any_of(k_families.begin(), k_families.end(), [&](std::string_view family) {
          return key.starts_with(family);
        });
    if (std::find(k_refused.begin(), k_refused.end(), key) != k_refused.end()) {
      reading_.error(
          where_,
          "a raw line that Proxmox makes itself",
          fmt::format("Proxmox makes {} from `rootfs`. Use `rootfs.mountoptions` and the "
                      "like.",
                      key));
    } else if (!in_family && std::find(known.begin(), known.end(), key) == known.end()) {
      const auto closest = closest_match(key, known);
      reading_.warn(where_,
                    "a raw line that Proxmox does not know",
                    fmt::format("Proxmox VE 8.4 knows no {}, and drops such lines.{}",
                                key,
                                closest ? fmt::format(" Did you mean {}?", *closest) : ""));
    }
  }

  void check_mapping(const std::string& value) {
    const std::vector<std::string> words = split_any(value, " \t");
    const auto mapping = read_mapping(words);
    if (!mapping) {
      reading_.error(where_,
                     "not a mapping of ids",
                     fmt::format("\"{}\" is not `u`, `g` or `b` (users, groups, both) and three "
                                 "numbers: the first id in the container, the first one on the "
                                 "host, and how many. Example: u 0 100000 65536.",
                                 value));
      return;
    }
    if (words[0] != "g") check_overlap(mappings_["users"], *mapping, "users");
    if (words[0] != "u") check_overlap(mappings_["groups"], *mapping, "groups");
  }

  void check_overlap(std::vector<Mapping>& present, const Mapping& added, std::string_view what) {
    for (const Mapping& other : present) {
      const bool inside = overlap(other.inside, other.count, added.inside, added.count);
      if (!inside && !overlap(other.outside, other.count, added.outside, added.count)) continue;
      reading_.error(where_,
                     "ids are mapped twice",
                     fmt::format("An earlier line maps some of these {} of the {}, too, and LXC "
                                 "would not start the container.",
                                 what,
                                 inside ? "container" : "host"));
      return;
    }
    present.push_back(added);
  }

  const Resource& container_;
  Reading& reading_;
  SourceSpan where_;
  std::map<std::string, std::vector<Mapping>> mappings_;
};

}  // namespace

void check_raw_lines(const Resource& container, Reading& reading) {
  LineChecks(container, reading).check();
}

}  // namespace aegis
