#include "kinds/proxmox/firewall/firewall_perform.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "kinds/proxmox/api.h"
#include "kinds/proxmox/firewall/rule.h"
#include "kinds/proxmox/firewall/rule_edits.h"
#include "kinds/proxmox/task.h"

namespace aegis::proxmox {
namespace {

constexpr std::array<std::string_view, 8> k_removable{
    "macro", "iface", "source", "dest", "proto", "dport", "sport", "log"};

// The calls of one step.
class Calls {
 public:
  Calls(const Step& step, Effects& effects)
      : input_(step.input), api_(effects, text_or(step.input, "endpoint")) {}

  [[nodiscard]] Result<Json> edit_rules() const {
    const auto list = api_.get(path(text_or(input_, "list")));
    if (!list) return list.error();
    std::vector<Json> rules;
    for (const Json& item : *list) rules.push_back(rule_of_live(item));
    const std::string key = key_of_rules(rules);
    if (key == text_or(input_, "after")) return Json::object();
    if (key != text_or(input_, "before")) {
      return Error{ErrorCode::conflict,
                   "the rules are not those that were planned for: somebody else changed them. "
                   "Plan again."};
    }
    return send_edit(list->empty() ? std::string() : text_or(list->front(), "digest"));
  }

  [[nodiscard]] Result<Json> set_options() const {
    const auto present = api_.get(path("options"));
    if (!present) return present.error();
    Form form;
    for (const auto& [name, value] : get(input_, "set").items()) {
      if (as_text(get(*present, name)) != as_text(value)) form.emplace_back(name, as_text(value));
    }
    std::vector<std::string> remove;
    for (const Json& name : get(input_, "delete")) {
      if (present->contains(as_text(name))) remove.push_back(as_text(name));
    }
    if (!remove.empty()) form.emplace_back("delete", join(remove, ","));
    if (form.empty()) return Json::object();
    form.emplace_back("digest", text_or(*present, "digest"));
    return api_.put(path("options"), form);
  }

  // Whether it is there may have changed since it was looked at: by a lost answer of our own.
  [[nodiscard]] Result<Json> put() const {
    if (get(input_, "exists") == true) return change();
    auto made = make();
    const bool is_there = !made && made.error().code == ErrorCode::conflict;
    return is_there ? change() : made;
  }

  [[nodiscard]] Result<Json> remove() const {
    const std::string what = text_or(input_, "what");
    Form query;
    if (what == "ipset") query.emplace_back("force", "1");
    auto removed = api_.remove(item_path(), query);
    const bool gone = !removed && removed.error().message.find("no such") != std::string::npos;
    if (gone) return Json::object();
    return removed;
  }

 private:
  [[nodiscard]] std::string path(std::string_view rest) const {
    return api_path(fmt::format("{}/{}", text_or(input_, "path"), rest));
  }

  // The path of the list that the item is in.
  [[nodiscard]] std::string list_path() const {
    const std::string what = text_or(input_, "what");
    if (what == "alias") return path("aliases");
    if (what == "group") return path("groups");
    if (what == "ipset") return path("ipset");
    return path(fmt::format("ipset/{}", percent_encode(text_or(input_, "set"))));
  }

  [[nodiscard]] std::string item_path() const {
    return fmt::format("{}/{}", list_path(), percent_encode(text_or(input_, "name")));
  }

  // The item's members as parameters; `name` is the parameter for its name, "" for none.
  [[nodiscard]] Form item_form(const std::string& name) const {
    const Json& item = get(input_, "item");
    Form form;
    if (!name.empty()) form.emplace_back(name, text_or(input_, "name"));
    if (text_or(input_, "what") == "alias") form.emplace_back("cidr", text_or(item, "cidr"));
    if (get(item, "nomatch") == true) form.emplace_back("nomatch", "1");
    const std::string comment = text_or(item, "comment");
    if (!comment.empty()) form.emplace_back("comment", comment);
    return form;
  }

  [[nodiscard]] Result<Json> make() const {
    const std::string what = text_or(input_, "what");
    if (what == "entry") return api_.post(list_path(), item_form("cidr"));
    return api_.post(list_path(), item_form(what == "group" ? "group" : "name"));
  }

  // Sets and groups are changed by giving them the name that they have.
  [[nodiscard]] Result<Json> change() const {
    const std::string what = text_or(input_, "what");
    if (what == "alias" || what == "entry") return api_.put(item_path(), item_form(""));
    Form form = item_form(what == "group" ? "group" : "name");
    form.emplace_back("rename", text_or(input_, "name"));
    return api_.post(list_path(), form);
  }

  [[nodiscard]] Result<Json> send_edit(const std::string& digest) const {
    const std::string edit = text_or(input_, "edit");
    const Json& rule = get(input_, "rule");
    const std::string list = path(text_or(input_, "list"));
    const std::string at = fmt::format("{}/{}", list, as_text(get(input_, "position")));
    if (edit == "insert") return api_.post(list, rule_form(rule, is_enabled(rule)));
    if (edit == "remove") return api_.remove(at, {{"digest", digest}});
    if (edit == "move") {
      return api_.put(at, {{"moveto", as_text(get(input_, "target"))}, {"digest", digest}});
    }
    Form form = rule_form(rule, is_enabled(rule));
    std::vector<std::string> gone;
    for (const std::string_view member : k_removable) {
      if (!rule.contains(member)) gone.emplace_back(member);
    }
    for (const char* member : {"icmp-type", "comment"}) {
      if (!rule.contains(member)) gone.emplace_back(member);
    }
    if (!gone.empty()) form.emplace_back("delete", join(gone, ","));
    form.emplace_back("digest", digest);
    return api_.put(at, form);
  }

  const Json& input_;
  ApiClient api_;
};

using Operation = Result<Json> (Calls::*)() const;

constexpr std::array<std::pair<std::string_view, Operation>, 4> k_operations{{
    {"edit_rules", &Calls::edit_rules},
    {"set_options", &Calls::set_options},
    {"put", &Calls::put},
    {"remove", &Calls::remove},
}};

}  // namespace

Result<Json> perform_firewall(const Step& step, const Outputs&, Effects& effects) {
  const auto operation = std::find_if(k_operations.begin(),
                                      k_operations.end(),
                                      [&](const auto& row) { return row.first == step.operation; });
  if (operation == k_operations.end()) {
    return Error{ErrorCode::rejected,
                 fmt::format("a firewall has no operation called {}", step.operation)};
  }
  const Calls calls(step, effects);
  Pauses pauses(effects.clock, effects.clock.now() + step.timeout);
  for (;;) {
    auto done = (calls.*operation->second)();
    if (done) return Json::object();
    if (!may_begin_again(done.error()) || !pauses.wait()) return done.error();
  }
}

}  // namespace aegis::proxmox
