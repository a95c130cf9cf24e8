#include "kinds/os/fact_script.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"

namespace aegis::os {
namespace {

// Base64 knows no quotes, blanks or line ends, so no answer and no name can look like a line of
// the script or of its output. Only "paths" may be missing; a missing tool must not look like that.
constexpr std::string_view k_start = R"sh(LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
tell() { printf '%s ' "$1"; base64 -w0; echo; }
for tool in base64 find head id sha256sum stat xargs; do
  command -v "$tool" > /dev/null || { echo "fail $tool is not installed"; exit 0; }
done
stat --printf= / 2> /dev/null || { echo 'fail its programs are not the GNU ones'; exit 0; }
echo 'facts 1'
id -u | tell uid
inventory=/var/lib/aegisctl/inventory.json
[ ! -f "$inventory" ] || tell inventory < "$inventory"
)sh";

constexpr std::string_view k_paths = R"sh(files() {
  paths | xargs -0 -r sh -c 'for p; do [ -L "$p" ] || [ ! -f "$p" ] || printf "%s\0" "$p"; done' sh
}
paths | xargs -0 -r stat --printf='%n\0%f\0%U\0%G\0%u\0%g\0%s\0' -- 2> /dev/null | tell paths
files | xargs -0 -r sha256sum -z -- 2> /dev/null | tell sums
)sh";

// Behind the function that lists them.
constexpr std::string_view k_contents = R"sh( | xargs -0 -r sh -c 'for p; do
  [ ! -L "$p" ] && [ -f "$p" ] || continue
  printf "content "; printf %s "$p" | base64 -w0
  printf " "; head -c "$0" -- "$p" 2> /dev/null | base64 -w0
  echo
done' )sh";

constexpr std::string_view k_packages = R"sh(packages | xargs -0 -r dpkg-query -W \
  -f='${Package}\t${db:Status-Want}\t${db:Status-Status}\t${Version}\n' 2> /dev/null | tell packages
)sh";

constexpr std::string_view k_accounts = R"sh(tell passwd < /etc/passwd
tell group < /etc/group
awk -F: '{ print $1 ":" $8 }' /etc/shadow | tell expiry
)sh";

constexpr std::string_view k_keys = R"sh(users | xargs -0 -r sh -c 'for u; do
  home=$(awk -F: -v u="$u" "\$1 == u { print \$6; exit }" /etc/passwd)
  keys=$home/.ssh/authorized_keys
  [ -n "$home" ] && [ ! -L "$home/.ssh" ] && [ ! -L "$keys" ] && [ -f "$keys" ] || continue
  printf "keys "; printf %s "$u" | base64 -w0
  printf " "; base64 -w0 < "$keys"
  echo
done' sh
)sh";

// A blank line stands behind each unit, also behind the last one of a call.
constexpr std::string_view k_units = R"sh(units | xargs -0 -r sh -c 'systemctl show \
  -p Names,LoadState,ActiveState,UnitFileState,FragmentPath -- "$@"; echo' sh | tell units
)sh";

constexpr std::string_view k_effects = R"sh(pending=/var/lib/aegisctl/pending
[ ! -d "$pending" ] || find "$pending" -mindepth 2 -printf '%P\0' | tell pending
)sh";

constexpr std::string_view k_needs_dpkg =
    "command -v dpkg-query > /dev/null || { echo 'fail dpkg is not installed'; exit 0; }\n";

constexpr std::string_view k_needs_systemd =
    "command -v systemctl > /dev/null || { echo 'fail systemctl is not installed'; exit 0; }\n"
    "[ -d /run/systemd/system ] || { echo 'fail systemd does not run there'; exit 0; }\n";

// A function that prints the names, each with a NUL behind it.
std::string list_function(std::string_view name, std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::string bytes;
  for (const std::string& one : names) bytes.append(one).push_back('\0');
  return fmt::format("{}() {{ base64 -d << 'END'\n{}\nEND\n}}\n", name, base64_encode(bytes));
}

}  // namespace

std::string fact_script(const Asks& asks) {
  std::string script = asks.packages.empty() ? "" : std::string(k_needs_dpkg);
  if (!asks.units.empty()) script += k_needs_systemd;
  script += k_start;
  std::vector<std::string> paths = asks.paths;
  paths.insert(paths.end(), asks.contents.begin(), asks.contents.end());
  if (!paths.empty()) {
    script += list_function("paths", paths);
    script += k_paths;
  }
  if (!asks.contents.empty()) {
    script += list_function("contents", asks.contents);
    script += fmt::format("contents{}{}\n", k_contents, k_most_content);
  }
  if (!asks.kernel.empty()) {
    script += list_function("kernel", asks.kernel);
    script += fmt::format("kernel{}{}\n", k_contents, k_most_content);
  }
  if (!asks.packages.empty()) {
    script += list_function("packages", asks.packages);
    script += k_packages;
  }
  if (asks.accounts) script += k_accounts;
  if (!asks.users.empty()) {
    script += list_function("users", asks.users);
    script += k_keys;
  }
  if (!asks.units.empty()) {
    script += list_function("units", asks.units);
    script += k_units;
  }
  if (asks.effects) script += k_effects;
  return script + "echo end\n";
}

}  // namespace aegis::os
