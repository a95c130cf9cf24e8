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

// Configuration files just as their packages brought them: dpkg's lines and ours that are the same.
constexpr std::string_view k_packaged = R"sh(! command -v dpkg-query > /dev/null || {
  dpkg-query -W -f='${Conffiles}\n' | sort -u
  files | xargs -0 -r md5sum -z -- 2> /dev/null | tr '\n\0' '\1\n' |
    sed -n 's/^\([0-9a-f]*\)  \(.*\)$/ \2 \1/p'
} | sort | uniq -d | sed 's/^ \(.*\) [0-9a-f]*$/\1/' | tr '\n' '\0' | tell packaged
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

// As its owner: what a repository has git run must not run as root. git must not even renew its
// index.
constexpr std::string_view k_checkouts = R"sh(! command -v git > /dev/null ||
  checkouts | xargs -0 -r -n 200 sh -c 'while [ "$#" -gt 1 ]; do
  path=$1 ref=$2
  shift 2
  [ ! -L "$path" ] && [ ! -L "$path/.git" ] && [ -d "$path/.git" ] || continue
  owner=$(stat -c %U -- "$path")
  as_owner() { if [ "$owner" = root ]; then "$@"; else runuser -u "$owner" -- "$@"; fi; }
  git() { as_owner env HOME=/nonexistent GIT_OPTIONAL_LOCKS=0 git -C "$path" "$@" 2> /dev/null; }
  known() {
    git rev-parse -q --verify "refs/tags/$ref^{commit}" && return
    case $ref in *[!0-9a-f]*) return 1 ;; esac
    [ "${#ref}" -ge 40 ] && git rev-parse -q --verify "$ref^{commit}"
  }
  printf "checkout "; printf %s "$path" | base64 -w0
  printf " "
  {
    git config --get remote.origin.url || echo
    git rev-parse -q --verify HEAD || echo
    known || echo
    if [ -e "$path/.git/aegisctl-cut" ]; then echo cut; else echo; fi
    git status --porcelain --untracked-files=no
  } | base64 -w0
  echo
done' sh
)sh";

constexpr std::string_view k_effects = R"sh(pending=/var/lib/aegisctl/pending
[ ! -d "$pending" ] || find "$pending" -mindepth 2 -printf '%P\0' | tell pending
)sh";

constexpr std::string_view k_needs_dpkg =
    "command -v dpkg-query > /dev/null || { echo 'fail dpkg is not installed'; exit 0; }\n";

constexpr std::string_view k_needs_systemd =
    "command -v systemctl > /dev/null || { echo 'fail systemctl is not installed'; exit 0; }\n"
    "[ -d /run/systemd/system ] || { echo 'fail systemd does not run there'; exit 0; }\n";

// A function that prints the words, each with a NUL behind it.
std::string words_function(std::string_view name, const std::vector<std::string>& words) {
  std::string bytes;
  for (const std::string& one : words) bytes.append(one).push_back('\0');
  return fmt::format("{}() {{ base64 -d << 'END'\n{}\nEND\n}}\n", name, base64_encode(bytes));
}

std::string list_function(std::string_view name, std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return words_function(name, names);
}

std::string checkouts_function(const std::vector<AskedCheckout>& checkouts) {
  std::vector<std::string> words;
  for (const AskedCheckout& checkout : checkouts) {
    words.push_back(checkout.path);
    words.push_back(checkout.ref);
  }
  return words_function("checkouts", words);
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
    const bool may_be_packaged = std::any_of(paths.begin(), paths.end(), [](const auto& path) {
      return path.starts_with("/etc/") && !path.starts_with("/etc/systemd/system/");
    });
    if (may_be_packaged) script += k_packaged;
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
  if (!asks.checkouts.empty()) {
    script += checkouts_function(asks.checkouts);
    script += k_checkouts;
  }
  if (asks.effects) script += k_effects;
  return script + "echo end\n";
}

}  // namespace aegis::os
