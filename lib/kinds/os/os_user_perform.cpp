#include "kinds/os/os_user_perform.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "kinds/os/accounts.h"
#include "kinds/os/inventory.h"
#include "kinds/os/keys_file.h"
#include "kinds/os/scripts.h"

namespace aegis::os {
namespace {

// Words: user, number or "", first group, other groups with commas, shell, home, "lock", "unlock"
// or "", inventory's key and value. The home is made in a step of its own, because useradd that is
// killed between the two would leave a user without one.
constexpr std::string_view k_set_up = R"sh(user=$1 uid=$2 group=$3 home=$6
record "$8" "$9"
if ! getent passwd "$user" > /dev/null; then
  if [ "$group" != "$user" ] || getent group "$group" > /dev/null; then
    useradd -M ${uid:+-u "$uid"} -g "$group" -d "$home" -s "$5" -- "$user"
  else
    useradd -M ${uid:+-u "$uid"} -U -d "$home" -s "$5" -- "$user"
  fi
fi
[ "$(getent passwd "$user" | cut -d : -f 6)" = "$home" ] || usermod -m -d "$home" -- "$user"
usermod ${uid:+-u "$uid"} -g "$group" -G "$4" -s "$5" -- "$user"
case $7 in
  lock) usermod -L -e 1 -- "$user" ;;
  unlock) usermod -e '' -- "$user" ;;
esac
if [ ! -e "$home" ] && [ "$home" != /nonexistent ]; then
  rm -rf -- "$home.aegisctl"
  cp -RT -- /etc/skel "$home.aegisctl"
  chmod 700 -- "$home.aegisctl"
  chown -hR -- "$user:$group" "$home.aegisctl"
  mv -T -- "$home.aegisctl" "$home"
fi
)sh";

// Words: user, the file with what it may do by sudo, inventory's key.
constexpr std::string_view k_remove = R"sh(rm -f -- "$2"
! getent passwd "$1" > /dev/null || userdel -- "$1" 2> /dev/null || userdel -- "$1"
record "$3" ''
)sh";

bool changes(const Change& change, std::string_view path) {
  return std::any_of(change.attributes.begin(), change.attributes.end(), [&](const auto& one) {
    return one.path == path;
  });
}

class UserSteps {
 public:
  explicit UserSteps(const Lowering& lowering) : lowering_(lowering) {}

  std::vector<Step> take() {
    const Change& change = lowering_.change;
    if (change.action == Action::remove) {
      add("remove", fmt::format("remove user {}; its home stays", change.address.name));
      return std::move(steps_);
    }
    add_set_up();
    if (changes(change, "authorized_keys")) add_keys();
    if (changes(change, "sudo")) add_sudo();
    return std::move(steps_);
  }

 private:
  Step& add(const char* operation, std::string title) {
    const std::string shell = text_or(lowering_.scope.settings, "shell");
    Step& step = steps_.emplace_back();
    step.id = static_cast<StepId>(steps_.size());
    if (step.id > 1) step.after = {step.id - 1};
    step.address = lowering_.change.address;
    step.operation = operation;
    step.title = std::move(title);
    // The programs lock the files, and do not wait long for each other.
    step.lane = fmt::format("{}/accounts", shell);
    step.input = {{"shell", shell}, {"user", step.address.name}};
    return step;
  }

  void add_set_up() {
    const Json& wanted = lowering_.wanted;
    std::vector<std::string> groups;
    for (const Json& group : get(wanted, "groups")) groups.push_back(as_text(group));
    Step& step = add("set up", fmt::format("set up user {}", lowering_.change.address.name));
    for (const char* key : {"group", "home"}) step.input[key] = get(wanted, key);
    step.input["login"] = get(wanted, "shell");  // "shell" is how that system is reached
    step.input["uid"] = as_text(get(wanted, "uid"));
    step.input["groups"] = join(groups, ",");
    step.input["lock"] = "";
    if (changes(lowering_.change, "locked")) {
      step.input["lock"] = get(wanted, "locked") == true ? "lock" : "unlock";
    }
  }

  void add_keys() {
    const Json& wanted = lowering_.wanted;
    std::vector<std::string> keys;
    for (const Json& key : get(wanted, "authorized_keys")) keys.push_back(as_text(key));
    const bool whole = get(lowering_.desired->spec, "exclusive_keys") == true;
    Step& step = add("keys", fmt::format("write the keys of {}", lowering_.change.address.name));
    step.input["home"] = get(wanted, "home");
    step.input["content"] = with_keys(text_or(lowering_.live.context, "keys"), keys, whole);
    step.input["seen"] = text_or(lowering_.live.context, "keys_seen", "-");
  }

  void add_sudo() {
    const Json& sudo = get(lowering_.wanted, "sudo");
    Step& step = add("sudo", fmt::format("set sudo for {}", lowering_.change.address.name));
    step.input["sudo"] = sudo;
    step.input["seen"] = text_or(lowering_.live.context, "sudo_seen", "-");
  }

  const Lowering& lowering_;
  std::vector<Step> steps_;
};

std::string key_of(const Step& step) {
  return inventory_key({"", "os-user", text_or(step.input, "user")});
}

ScriptCall write_call(const Step& step,
                      const std::string& path,
                      const std::string& owner,
                      const char* mode,
                      const std::string& content) {
  return {k_write_file,
          {path,
           owner,
           mode,
           fmt::format("{}", content.size()),
           mark_of(path),
           key_of(step),
           inventory_value({}),
           "",
           ""},
          fmt::format("{}\n{}", text_or(step.input, "seen"), content)};
}

Result<std::string> set_up(const Step& step, Effects& effects) {
  const auto text = [&](const char* key) { return text_or(step.input, key); };
  return run_script({k_set_up,
                     {text("user"),
                      text("uid"),
                      text("group"),
                      text("groups"),
                      text("login"),
                      text("home"),
                      text("lock"),
                      key_of(step),
                      inventory_value({})},
                     ""},
                    step,
                    effects);
}

// The folder belongs to the user, in the user's first group; so does the file.
Result<std::string> write_keys(const Step& step, Effects& effects) {
  const std::string folder = fmt::format("{}/.ssh", text_or(step.input, "home"));
  const std::string owner = fmt::format("{}:", text_or(step.input, "user"));
  auto made =
      run_script({k_make_directory, {folder, owner, "0700", key_of(step), inventory_value({})}, ""},
                 step,
                 effects);
  if (!made) return made;
  return run_script(write_call(step,
                               fmt::format("{}/authorized_keys", folder),
                               owner,
                               "0600",
                               text_or(step.input, "content")),
                    step,
                    effects);
}

Result<std::string> set_sudo(const Step& step, Effects& effects) {
  const std::string user = text_or(step.input, "user");
  const std::string path = sudo_path(user);
  const Json& sudo = get(step.input, "sudo");
  if (sudo.is_null()) {
    return run_script({k_remove_file,
                       {path, mark_of(path), key_of(step), inventory_value({})},
                       fmt::format("{}\n", text_or(step.input, "seen"))},
                      step,
                      effects);
  }
  ScriptCall call =
      write_call(step, path, "root:root", "0440", fmt::format("{} {}\n", user, as_text(sudo)));
  for (const std::string& word : {std::string("visudo"), std::string("-cf"), checked_path(path)}) {
    call.words.push_back(word);
  }
  return run_script(call, step, effects);
}

}  // namespace

std::vector<Step> lower_user(const Lowering& lowering) {
  return UserSteps(lowering).take();
}

Result<Json> perform_user(const Step& step, const Outputs&, Effects& effects) {
  Result<std::string> done =
      Error{ErrorCode::rejected, fmt::format("a user has no operation called {}", step.operation)};
  if (step.operation == "set up") done = set_up(step, effects);
  if (step.operation == "keys") done = write_keys(step, effects);
  if (step.operation == "sudo") done = set_sudo(step, effects);
  if (step.operation == "remove") {
    const std::string user = text_or(step.input, "user");
    done = run_script({k_remove, {user, sudo_path(user), key_of(step)}, ""}, step, effects);
  }
  if (!done) return done.error();
  return Json::object();
}

}  // namespace aegis::os
