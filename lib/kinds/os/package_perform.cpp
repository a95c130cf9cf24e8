#include "kinds/os/package_perform.h"

#include <fmt/format.h>

#include "kinds/os/inventory.h"
#include "kinds/os/scripts.h"

namespace aegis::os {
namespace {

// Configuration files that somebody changed are kept. Of what apt prints only its errors are told.
constexpr std::string_view k_apt = R"sh(export DEBIAN_FRONTEND=noninteractive
apt() {
  words=$(apt-get -q -y -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confdef \
    -o Dpkg::Options::=--force-confold "$@" 2>&1 < /dev/null) && return
  printf '%s\n' "$words" | grep -A 1 --no-group-separator -E '^(E|dpkg): ' >&2 || printf '%s\n' "$words" | tail -n 5 >&2
  return 1
}
status() { dpkg-query -W -f="\${db:Status-Status} $2\n" "$1" 2> /dev/null | head -n 1; }
)sh";

// Words: package, version or "", "hold" or "", inventory's key and value.
constexpr std::string_view k_install = R"sh(package=$1 version=$2
record "$4" "$5"
is_done() {
  if [ -n "$version" ]; then
    [ "$(status "$package" '${Version}')" = "installed $version" ]
  else
    [ "$(status "$package" '')" = 'installed ' ]
  fi
}
install() {
  apt install --no-remove ${version:+--allow-downgrades --allow-change-held-packages} \
    "$package${version:+=$version}"
}
if ! is_done; then
  dpkg --configure -a > /dev/null 2>&1 || :
  install 2> /dev/null || { apt update && install; }
fi
if [ -n "$3" ]; then apt-mark hold "$package" > /dev/null; else apt-mark unhold "$package" > /dev/null; fi
)sh";

// Words: package, inventory's key.
constexpr std::string_view k_remove = R"sh(package=$1
if [ -n "$(status "$package" '')" ] && [ "$(status "$package" '')" != 'config-files ' ]; then
  also=$(apt-get -s remove "$package" 2> /dev/null |
    awk -v p="$package" '$1 == "Remv" && $2 != p { printf " %s", $2 }')
  [ -z "$also" ] || fail "removing $package would take others along:$also"
  apt-mark unhold "$package" > /dev/null
  apt remove "$package"
fi
record "$2" ''
)sh";

}  // namespace

Result<Json> perform_package(const Step& step, const Outputs&, Effects& effects) {
  const std::string package = text_or(step.input, "package");
  const std::string key = inventory_key({"", "package", package});
  ScriptCall call;
  std::string script(k_apt);
  if (step.operation == "install") {
    script += k_install;
    call.words = {package,
                  text_or(step.input, "version"),
                  get(step.input, "hold") == true ? "hold" : "",
                  key,
                  inventory_value({})};
  } else if (step.operation == "remove") {
    script += k_remove;
    call.words = {package, key};
  } else {
    return Error{ErrorCode::rejected,
                 fmt::format("a package has no operation called {}", step.operation)};
  }
  call.script = script;
  const auto done = run_script(call, step, effects);
  if (!done) return done.error();
  return Json::object();
}

}  // namespace aegis::os
