#include "kinds/os/checkout.h"

#include <fmt/format.h>

#include <array>
#include <chrono>

#include "kinds/os/access.h"
#include "kinds/os/inventory.h"
#include "kinds/os/reading.h"
#include "kinds/os/scripts.h"

namespace aegis {
namespace {

constexpr std::string_view k_name = "checkout";
constexpr std::chrono::minutes k_timeout{10};
constexpr std::size_t k_most_changes = 20;  // that are told

constexpr std::array k_rules{
    AttributeRule{.path = "repository"},
    AttributeRule{.path = "ref", .note = "files that git does not know stay"},
    AttributeRule{.path = "owner"},
    AttributeRule{.path = "changes", .note = "made there, and in no commit"},
};

// Words: path, repository, ref, owner, inventory's key and value. git runs as the owner: what a
// repository has it run is not root's. What a run that was cut left half is not somebody's work.
constexpr std::string_view k_check_out = R"sh(path=$1 repository=$2 ref=$3 owner=$4
command -v git > /dev/null || fail "git is not installed: declare it under packages"
enter || fail "the folder of $path does not exist: declare it under directories"
if [ -L "$name" ] || { [ -e "$name" ] && [ ! -d "$name" ]; }; then conflict "$path is no directory"; fi
if [ -d "$name" ] && [ ! -e "$name/.git" ] && [ -n "$(ls -A -- "$name")" ]; then
  conflict "$path holds something else. Move it away"
fi
if [ -L "$name/.git" ] || [ -f "$name/.git" ]; then conflict "$path is a part of another checkout"; fi
record "$5" "$6"
umask 022
[ -d "$name" ] || mkdir -- "$name"
cd -P -- "$name"
[ "$(inode ..)" = "$inside" ] || conflict "the folder of $path is being moved"
[ "$(stat -c %U .)" = "$owner" ] || chown -hR -- "$owner:" .
home=$(getent passwd "$owner" | cut -d: -f6)
as_owner() { if [ "$owner" = root ]; then "$@"; else runuser -u "$owner" -- "$@"; fi; }
git() { as_owner env "HOME=${home:-/}" GIT_TERMINAL_PROMPT=0 git "$@" < /dev/null; }
known() {
  git rev-parse -q --verify "refs/tags/$ref^{commit}" && return
  case $ref in *[!0-9a-f]*) return 1 ;; esac
  [ "${#ref}" -ge 40 ] && git rev-parse -q --verify "$ref^{commit}"
}
if [ ! -e .git ]; then
  as_owner mkdir .git
  as_owner touch .git/aegisctl-cut
fi
if [ -e .git/aegisctl-cut ]; then
  rm -f .git/index.lock
  git init -q .
elif [ -n "$(git status --porcelain --untracked-files=no)" ]; then
  conflict "somebody changed files in $path since it was planned"
fi
if [ "$(git config --get remote.origin.url)" != "$repository" ]; then
  git remote remove origin 2> /dev/null || :
  git remote add origin "$repository"
  git fetch -q --tags --force origin
fi
commit=$(known) || {
  git fetch -q --tags --force origin
  commit=$(known) || fail "$repository has no tag $ref, and no commit of that whole number. A branch moves: name a tag or a commit"
}
force=
if [ -e .git/aegisctl-cut ]; then force=--force; else as_owner touch .git/aegisctl-cut; fi
git checkout -q ${force:+"$force"} --detach "$commit"
rm -f .git/aegisctl-cut
)sh";

os::Asks further_asks(const Batch& batch, const os::Facts& facts) {
  os::Asks asks;
  for (const std::string& name : os::undeclared(batch, k_name, facts.inventory)) {
    asks.paths.push_back("/" + name);
  }
  return asks;
}

std::vector<Query> queries(const Batch& batch, const Replies& replies) {
  return os::os_queries(batch, replies, further_asks);
}

Json changes_of(const os::CheckoutFacts& checkout) {
  Json lines = Json::array();
  for (const std::string& line : checkout.changes) {
    if (lines.size() == k_most_changes) {
      lines.push_back(fmt::format("and {} more", checkout.changes.size() - k_most_changes));
      break;
    }
    lines.push_back(line);
  }
  return lines;
}

Observation observe_checkout(const Resource& resource, const os::Facts& facts, Vault&) {
  Observation observation;
  observation.address = resource.address;
  observation.owned = facts.inventory.find(resource.address) != nullptr;
  const std::string path = os::path_of(resource.address);
  const os::PathFacts* seen = facts.at(path);
  if (seen == nullptr) return observation;
  if (seen->type != os::PathFacts::Type::directory) {
    observation.exists = true;
    observation.notes.push_back(os::wrong_type(resource, *seen, "a checkout"));
    return observation;
  }
  const auto checkout = facts.checkouts.find(path);
  // An empty directory may become one; the step looks into it.
  if (checkout == facts.checkouts.end()) return observation;
  const os::CheckoutFacts& git = checkout->second;
  observation.exists = true;
  const bool is_wanted = !git.was_cut && !git.head.empty() && git.head == git.wanted;
  observation.attributes = {{"repository", git.repository},
                            {"ref", is_wanted ? text_or(resource.spec, "ref") : git.head},
                            {"owner", seen->owner}};
  if (git.was_cut) observation.attributes["ref"] = "";
  if (!git.was_cut && !git.changes.empty()) observation.attributes["changes"] = changes_of(git);
  return observation;
}

std::optional<Observation> observe_orphan(const Address& address,
                                          const std::vector<std::string>&,
                                          const os::Facts& facts) {
  const os::PathFacts* seen = facts.at(os::path_of(address));
  if (seen == nullptr) return std::nullopt;
  Observation orphan;
  orphan.address = address;
  orphan.exists = orphan.owned = true;
  orphan.attributes = {{"owner", seen->owner}};
  return orphan;
}

constexpr os::View k_view{k_name, further_asks, observe_checkout, observe_orphan};

Result<std::vector<Observation>> interpret(const Batch& batch,
                                           const Replies& replies,
                                           Vault& vault) {
  return os::observe_all(k_view, batch, replies, vault);
}

Json normalize(const Resource& resource, const Observation&) {
  return {{"repository", text_or(resource.spec, "repository")},
          {"ref", text_or(resource.spec, "ref")},
          {"owner", text_or(resource.spec, "owner", "root")}};
}

void refine(AttributeChange& attribute, const Json&, const Observation&, std::string& blocked) {
  if (attribute.path != "changes" || attribute.before.is_null()) return;
  blocked =
      "Files in it were changed, and are in no commit. Commit them elsewhere, or take them back "
      "(git stash, git checkout).";
}

std::vector<Step> lower(const Lowering& lowering) {
  const Change& change = lowering.change;
  const std::string path = os::path_of(change.address);
  Step step;
  step.id = 1;
  step.address = change.address;
  step.timeout = k_timeout;
  step.input = {{"shell", text_or(lowering.scope.settings, "shell")},
                {"path", path},
                {"key", os::inventory_key(change.address)}};
  if (change.action == Action::remove) {
    step.operation = "forget";
    step.title = fmt::format("leave {} as it is, no longer ours", path);
    return {std::move(step)};
  }
  const bool takes_over = change.action == Action::adopt && change.attributes.empty();
  step.operation = takes_over ? "own" : "check out";
  step.title = takes_over
                   ? fmt::format("take over {}", path)
                   : fmt::format("check {} out in {}", text_or(lowering.wanted, "ref"), path);
  for (const char* name : {"repository", "ref", "owner"}) {
    step.input[name] = get(lowering.wanted, name);
  }
  return {std::move(step)};
}

Result<Json> perform(const Step& step, const Outputs&, Effects& effects) {
  const auto word = [&](const char* name) { return text_or(step.input, name); };
  const std::string ours = os::inventory_value({});
  os::ScriptCall call{};
  if (step.operation == "forget") call = {os::k_record, {word("key"), ""}, ""};
  if (step.operation == "own") call = {os::k_record, {word("key"), ours}, ""};
  if (step.operation == "check out") {
    call = {k_check_out,
            {word("path"), word("repository"), word("ref"), word("owner"), word("key"), ours},
            ""};
  }
  if (call.script.empty()) {
    return Error{ErrorCode::rejected,
                 fmt::format("a checkout has no operation called {}", step.operation)};
  }
  const auto done = os::run_script(call, step, effects);
  if (!done) return done.error();
  return Json::object();
}

}  // namespace

const Kind& checkout_kind() {
  static const Kind k_kind{.name = k_name,
                           .scope_type = "os",
                           .schema = "os",
                           .rules = k_rules,
                           .queries = queries,
                           .interpret = interpret,
                           .normalize = normalize,
                           .refine = refine,
                           .lower = lower,
                           .perform = perform};
  return k_kind;
}

}  // namespace aegis
