#include "kinds/proxmox/objects/object_change.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "kinds/proxmox/objects/object_shape.h"

namespace aegis::proxmox {
namespace {

// Proxmox activates a storage, or tests a connection, within the call.
constexpr std::chrono::minutes k_timeout{3};

constexpr std::string_view k_fixed = "Proxmox cannot change it: the entry is removed and made anew";
constexpr std::string_view k_only_new = "used only when it is made";
constexpr std::string_view k_secret =
    "never read back: a new value alone is not seen; --replace writes it";

AttributeRule rule_of(const Field& field) {
  AttributeRule rule{};
  rule.path = field.name;
  rule.disruption = field.disruption;
  rule.immutable = field.fixed;
  rule.write_only = field.form == ValueForm::secret || field.only_new;
  rule.note = field.note;
  if (!rule.note.empty()) return rule;
  if (field.fixed) rule.note = k_fixed;
  if (field.only_new) {
    rule.note = k_only_new;
  } else if (is_secret(field)) {
    rule.note = k_secret;
  }
  return rule;
}

// Makes the steps of one object's change.
class Lowered {
 public:
  Lowered(const ObjectType& type, const Lowering& lowering)
      : type_(type), lowering_(lowering), change_(lowering.change) {}

  std::vector<Step> take() {
    switch (change_.action) {
      case Action::create:
        add_create();
        break;
      case Action::update:
      case Action::adopt:
        add_update();
        break;
      case Action::replace:
        add_replacement();
        break;
      case Action::remove:
        add_remove();
        break;
    }
    return std::move(steps_);
  }

 private:
  [[nodiscard]] const std::string& name() const { return change_.address.name; }
  [[nodiscard]] std::string live_type() const { return text_or(lowering_.live.context, "type"); }
  [[nodiscard]] std::string wanted_type() const {
    return text_or(lowering_.wanted, "type", live_type());
  }
  [[nodiscard]] Json secrets(bool for_new) const {
    return lowering_.desired == nullptr ? Json::object()
                                        : secrets_of(type_, lowering_.desired->spec, for_new);
  }

  Step& add(std::string_view operation, std::string title, const std::string& object_type) {
    const std::string endpoint = text_or(lowering_.scope.settings, "endpoint");
    Step step;
    step.id = static_cast<StepId>(steps_.size()) + 1;
    if (!steps_.empty()) step.after = {step.id - 1};
    step.address = change_.address;
    step.operation = operation;
    step.title = std::move(title);
    // What is in one file, or refers to each other, is written one after the other.
    step.lane = fmt::format("{}/{}", endpoint, split(type_.section, '.').front());
    step.timeout = k_timeout;
    step.input = {{"endpoint", endpoint}, {"name", name()}, {"type", object_type}};
    steps_.push_back(std::move(step));
    return steps_.back();
  }

  Step& add_create() {
    Step& step = add("create", fmt::format("create {} {}", type_.noun, name()), wanted_type());
    step.input["wanted"] = without_secrets(lowering_.wanted);
    step.input["secrets"] = secrets(true);
    return step;
  }

  void add_update() {
    Step& step = add("update", fmt::format("change {} {}", type_.noun, name()), live_type());
    if (change_.action == Action::adopt)
      step.title = fmt::format("adopt {} {}", type_.noun, name());
    Json wanted = Json::object();
    Json before = Json::object();
    for (const AttributeChange& attribute : change_.attributes) {
      const std::string head = split(attribute.path, '.').front();
      wanted[head] = get(lowering_.wanted, head);
      before[head] = get(lowering_.live.attributes, head);
    }
    step.input["wanted"] = without_secrets(wanted);
    step.input["before"] = without_secrets(before);
    step.input["secrets"] = secrets(false);
  }

  void add_replacement() {
    const bool forced = std::any_of(change_.attributes.begin(),
                                    change_.attributes.end(),
                                    [](const auto& attribute) { return attribute.forces_replace; });
    if (!forced && !secrets(false).empty()) {
      add_update();
      steps_.back().title = fmt::format("write {} {} again, with its secrets", type_.noun, name());
      return;
    }
    // A host that refuses the new one gets the old one back.
    Step& removal = add_remove();
    removal.undo = "restore";
    removal.input["live"] = lowering_.live.attributes;
    removal.input["secrets"] = secrets(true);
    removal.group = to_string(change_.address);
    add_create().group = to_string(change_.address);
  }

  Step& add_remove() {
    std::string title = fmt::format("remove {} {}", type_.noun, name());
    if (!type_.removal.empty()) title += fmt::format(": {}", type_.removal);
    return add("remove", std::move(title), live_type());
  }

  // Seals travel apart: they are not compared with what is there. (The names of named ones are.)
  [[nodiscard]] Json without_secrets(Json shape) const {
    for (const Field& field : type_.fields) {
      if (field.form == ValueForm::secret) shape.erase(std::string(field.name));
    }
    shape.erase("type");
    return shape;
  }

  const ObjectType& type_;
  const Lowering& lowering_;
  const Change& change_;
  std::vector<Step> steps_;
};

}  // namespace

std::vector<AttributeRule> object_rules(const ObjectType& type) {
  std::vector<AttributeRule> rules;
  if (!type.types.empty()) {
    AttributeRule rule{};
    rule.path = "type";
    rule.immutable = true;
    rule.note = k_fixed;
    rules.push_back(rule);
  }
  for (const Field& field : type.fields) rules.push_back(rule_of(field));
  return rules;
}

Json normalize_object(const ObjectType& type, const Resource& resource) {
  return shape_of_spec(type, resource.spec);
}

std::vector<Step> lower_object(const ObjectType& type, const Lowering& lowering) {
  return Lowered(type, lowering).take();
}

}  // namespace aegis::proxmox
