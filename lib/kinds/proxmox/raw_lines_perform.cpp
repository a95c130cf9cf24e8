#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "kinds/proxmox/guest_calls.h"
#include "kinds/proxmox/raw_lines.h"

namespace aegis::proxmox {
namespace {

// Words: the file, Proxmox's lock of it, and the file's digest. Input: the lines. The lines stand
// at the end of the first section; all that follows (what waits, snapshots) stays as it is. The
// lock is the one that Proxmox takes for its own changes, and what it says when it does not get it,
// or when the file has changed, is known to who waits for it. One name beside the file is enough:
// whoever holds the lock writes it anew.
constexpr std::string_view k_script = R"sh(set -eu
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
fail() { printf '%s\n' "$1" >&2; exit 1; }
conf=$1
lines=$(cat)
export lines LC_ALL PATH
mkdir -p -- "${2%/*}"
exec 9>> "$2"
flock -w 10 9 || fail "can't lock file '$2' - got timeout"
[ -e "$conf" ] || fail "there is no $conf on this node"
sum=$(sha1sum < "$conf")
[ "${sum%% *}" = "$3" ] || fail "detected modified configuration - file change by other user"
lock=$(awk '/^\[/ { exit } sub(/^lock:[ \t]*/, "") { print; exit }' "$conf")
[ -z "$lock" ] || fail "CT is locked ($lock)"
awk '
  function put() { if (ENVIRON["lines"] != "") print ENVIRON["lines"] }
  follows { print; next }
  /^\[/ { put(); printf "%s", blank; follows = 1; print; next }
  /^lxc\.[a-z0-9_.-]+([ \t]*=|:)/ { next }
  /^[ \t]*$/ { blank = blank $0 "\n"; next }
  { printf "%s", blank; blank = ""; print }
  END { if (!follows) put() }
' "$conf" > "$conf.aegisctl" || fail "cannot write beside $conf: does the cluster have a quorum?"
mv -fT -- "$conf.aegisctl" "$conf" || { rm -f -- "$conf.aegisctl"; fail "cannot replace $conf"; }
)sh";

struct LiveLines {
  Json lines;
  std::string digest;
};

Result<LiveLines> read_lines(const GuestCalls& guest) {
  const auto config = guest.api().get(guest.path("/config"));
  if (!config) return config.error();
  Json lines = shape_of_raw_lines(get(*config, "lxc"));
  return LiveLines{lines.is_null() ? Json::array() : std::move(lines), text_or(*config, "digest")};
}

std::string text_of(const Json& lines) {
  std::string text;
  for (const Json& line : lines) {
    for (const auto& [key, value] : line.items()) {
      text += fmt::format("{}: {}\n", key, as_text(value));
    }
  }
  return text;
}

Result<Json> send_lines(const Json& lines,
                        const std::string& digest,
                        const GuestCalls& guest,
                        const Step& step,
                        Effects& effects) {
  ShellCommand command;
  command.host = text_or(step.input, "shell");
  command.words = {"sh",
                   "-c",
                   std::string(k_script),
                   "aegisctl",
                   fmt::format("/etc/pve/nodes/{}/lxc/{}.conf", guest.node(), guest.vmid()),
                   fmt::format("/run/lock/lxc/pve-config-{}.lock", guest.vmid()),
                   digest};
  command.input = text_of(lines);
  const auto output = effects.shell.run(command);
  if (!output) return output.error();
  if (output->exit_status == 0) return Json();
  const std::string words(trim(output->err));
  return Error{
      ErrorCode::rejected,
      words.empty() ? fmt::format("the shell ended with status {}", output->exit_status) : words};
}

// A line that Proxmox cannot read is lost at its next change of the file.
Result<Json> check_taken(const Json& wanted, const GuestCalls& guest) {
  const auto live = read_lines(guest);
  if (!live) return live.error();
  if (live->lines == wanted) return Json();
  std::string refused;
  for (const Json& line : wanted) {
    const bool taken = std::find(live->lines.begin(), live->lines.end(), line) != live->lines.end();
    if (!taken) refused += fmt::format("{} `{}`", refused.empty() ? "" : ",", line.begin().key());
  }
  return Error{ErrorCode::rejected, fmt::format("Proxmox does not take the lines{}", refused)};
}

Result<Json> write_lines(const Json& before,
                         const Json& wanted,
                         const Step& step,
                         Effects& effects) {
  const GuestCalls guest(step, effects, container_system());
  LiveLines live;
  GuestCalls::Change change;
  change.is_done = [&]() -> Result<bool> {
    auto read = read_lines(guest);
    if (!read) return read.error();
    live = *std::move(read);
    return live.lines == wanted;
  };
  change.send = [&]() -> Result<Json> {
    const std::string planned = text_or(step.input, "digest");
    const bool moved = !planned.empty() && planned != live.digest;
    // A copy has what its original had.
    const bool is_other = before != Json("any") && live.lines != before;
    if (is_other || moved) {
      return Error{ErrorCode::conflict, "detected modified configuration"};
    }
    return send_lines(wanted, live.digest, guest, step, effects);
  };
  return guest.make(change);
}

Json list_in(const Step& step, std::string_view key) {
  const Json& lines = get(step.input, key);
  return lines.is_null() ? Json::array() : lines;
}

}  // namespace

Result<Json> write_raw_lines(const Step& step, Effects& effects) {
  const GuestCalls guest(step, effects, container_system());
  const Json before = list_in(step, "before");
  const Json after = list_in(step, "after");
  auto written = write_lines(before, after, step, effects);
  if (!written) return written;
  const auto taken = check_taken(after, guest);
  if (taken) return written;
  // Not asked whether that is done: the line that was not taken does not show.
  const auto live = read_lines(guest);
  const Json old = before.is_array() ? before : Json::array();
  if (live) (void)send_lines(old, live->digest, guest, step, effects);
  return guest.explained(taken.error());
}

Result<Json> write_raw_lines_back(const Step& step, Effects& effects) {
  Step back = step;
  back.input.erase("digest");
  return write_lines(list_in(step, "after"), list_in(step, "before"), back, effects);
}

}  // namespace aegis::proxmox
