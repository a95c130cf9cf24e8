#include "kinds/docker/swarm/swarm_file.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "base/digest.h"
#include "kinds/docker/labels.h"
#include "kinds/docker/shape.h"
#include "kinds/docker/steps.h"
#include "kinds/docker/swarm/labels.h"
#include "kinds/docker/swarm/stored_file.h"
#include "kinds/docker/swarm/stored_file_perform.h"

namespace aegis {
namespace {

using docker::put;
using docker::StoredAs;

constexpr std::array k_rules{
    AttributeRule{.path = "content",
                  .note = "Swarm cannot change it; a new one is made, and the services move to it"},
    AttributeRule{.path = "template_driver",
                  .note = "a new one is made, and the services move to it"},
    AttributeRule{.path = "labels", .note = "changed in place"},
    AttributeRule{.path = "recorded",
                  .note = "the Swarm does not tell the content of a secret: what "
                          "it is taken to be is written down in a label"},
    AttributeRule{.path = "unused", .note = "nothing uses it any more"}};

constexpr std::string_view kind_of(StoredAs type) {
  return type == StoredAs::config ? "swarm-config" : "swarm-secret";
}

Json wanted(StoredAs type, const Json& spec) {
  Json shape = {{"content", get(spec, "content")}};
  if (type == StoredAs::secret) shape["recorded"] = true;
  put(shape, "template_driver", get(spec, "template_driver"));
  put(shape, "labels", docker::text_values(get(spec, "labels")));
  return shape;
}

// The content of a config can be read; that of a secret is known only as far as it is the same.
Json live_content(StoredAs type,
                  const docker::StoredFile& file,
                  const Json& wanted_content,
                  Vault& vault) {
  if (file.matches) return wanted_content;
  if (type == StoredAs::secret) return vault.seal("another content");
  const std::string content = base64_decode(text_or(get(*file.live, "Spec"), "Data")).value_or("");
  const Json& labels = get(get(*file.live, "Spec"), "Labels");
  const bool secret = is_sealed(wanted_content) || labels.contains(docker::k_sealed_label);
  return secret ? vault.seal(content) : Json(content);
}

Json names_of(const std::vector<const Json*>& objects) {
  Json names = Json::array();
  for (const Json* object : objects) names.push_back(get(get(*object, "Spec"), "Name"));
  return docker::sorted_set(names);
}

class Reader {
 public:
  Reader(StoredAs type, const Batch& batch, Vault& vault)
      : type_(type), batch_(batch), stack_(docker::read_stack(batch.scope)), vault_(vault) {}

  Result<std::vector<Observation>> read(const Replies& replies) {
    auto view = docker::swarm_view(stack_, replies);
    if (!view) return view.error();
    if (*view) view_ = &**view;
    std::set<std::string> keys;
    for (const Resource* resource : batch_.resources) {
      keys.insert(resource->address.name);
      keep(declared(*resource), resource->address.name);
    }
    if (view_ == nullptr) return std::move(observations_);
    for (const Json* object : docker::stored_objects(type_, stack_, *view_)) {
      const Json& labels = get(get(*object, "Spec"), "Labels");
      const std::string key = docker::stored_key(stack_, *object);
      if (!keys.contains(key) && view_->owns(stack_, labels)) {
        keep(orphan(*object), text_or(get(*object, "Spec"), "Name"));
      }
    }
    return std::move(observations_);
  }

 private:
  void keep(Observation seen, const std::string& name) {
    seen.address = {batch_.scope.name, std::string(kind_of(type_)), name};
    seen.scope = batch_.scope.name;
    observations_.push_back(std::move(seen));
  }

  [[nodiscard]] Observation found(const Json& object) const {
    Observation seen;
    seen.exists = true;
    seen.owned = view_->owns(stack_, get(get(object, "Spec"), "Labels"));
    seen.context = {{"api", to_string(view_->stack.api)},
                    {"id", text_or(object, "ID")},
                    {"name", get(get(object, "Spec"), "Name")}};
    return seen;
  }

  Observation declared(const Resource& resource) {
    const Json& spec = resource.spec;
    const docker::StoredFile file = docker::find_stored(type_,
                                                        stack_,
                                                        view_,
                                                        resource.address.name,
                                                        text_or(spec, "name"),
                                                        get(spec, "content"),
                                                        vault_);
    Observation seen;
    if (file.live != nullptr) {
      seen = found(*file.live);
      const Json& live = get(*file.live, "Spec");
      seen.attributes = {{"content", live_content(type_, file, get(spec, "content"), vault_)}};
      if (type_ == StoredAs::secret) seen.attributes["recorded"] = file.recorded;
      put(seen.attributes, "template_driver", get(get(live, "Templating"), "Name"));
      put(seen.attributes, "labels", docker::declared_labels(get(live, "Labels")));
      put(seen.attributes, "unused", names_of(file.unused));
    }
    if (view_ != nullptr) seen.context["api"] = to_string(view_->stack.api);
    seen.context["next_name"] = file.name;
    return seen;
  }

  [[nodiscard]] Observation orphan(const Json& object) const {
    Observation seen = found(object);
    seen.attributes = Json::object();
    put(seen.attributes, "labels", docker::declared_labels(get(get(object, "Spec"), "Labels")));
    return seen;
  }

  StoredAs type_;
  const Batch& batch_;
  docker::Stack stack_;
  Vault& vault_;
  const docker::SwarmView* view_ = nullptr;
  std::vector<Observation> observations_;
};

std::vector<Query> queries(const Batch& batch, const Replies& replies) {
  if (!docker::is_swarm(batch.scope)) return {};
  return docker::swarm_queries(docker::read_stack(batch.scope), replies);
}

template <StoredAs type>
Result<std::vector<Observation>> interpret(const Batch& batch,
                                           const Replies& replies,
                                           Vault& vault) {
  if (!docker::is_swarm(batch.scope)) return std::vector<Observation>();
  return Reader(type, batch, vault).read(replies);
}

template <StoredAs type>
Json normalize(const Resource& resource, const Observation&) {
  return wanted(type, resource.spec);
}

class Lowerer {
 public:
  Lowerer(StoredAs type, const Lowering& lowering)
      : type_(type),
        lowering_(lowering),
        stack_(docker::read_stack(lowering.scope)),
        steps_(stack_, lowering.change.address, lowering.live) {}

  std::vector<Step> lower() {
    const std::string live_name = text_or(lowering_.live.context, "name");
    switch (lowering_.change.action) {
      case Action::adopt:
        docker::add_adoption(steps_, stack_);
        break;
      case Action::remove:
        add("remove", "remove", live_name, {{"names", Json::array({live_name})}});
        break;
      case Action::create:
        add_creation(text_or(lowering_.live.context, "next_name", text_or(spec(), "name")));
        break;
      case Action::update:
      case Action::replace:
        add_update(live_name);
        break;
    }
    return steps_.take();
  }

 private:
  [[nodiscard]] const Json& spec() const { return lowering_.desired->spec; }

  void add(const char* operation, const char* verb, const std::string& name, Json input) {
    input["section"] = docker::section_of(type_);
    const char* noun = type_ == StoredAs::config ? "config" : "secret";
    steps_.add(operation, std::string(verb) + " " + noun + " " + name, std::move(input));
  }

  [[nodiscard]] Json labels() const {
    Json labels = docker::text_values(get(spec(), "labels"));
    labels[std::string(docker::k_namespace_label)] = stack_.project;
    labels[std::string(docker::k_stack_label)] = stack_.name;
    labels[std::string(docker::k_key_label)] = lowering_.change.address.name;
    if (type_ == StoredAs::config && is_sealed(get(spec(), "content"))) {
      labels[std::string(docker::k_sealed_label)] = "content";
    }
    return labels;
  }

  void add_creation(const std::string& name) {
    Json body = {{"Name", name}, {"Labels", labels()}, {"Data", get(spec(), "content")}};
    const Json& driver = get(spec(), "template_driver");
    if (!driver.is_null()) body["Templating"] = {{"Name", driver}};
    add("create", "create", name, {{"body", std::move(body)}});
  }

  [[nodiscard]] bool changes(std::string_view path) const {
    const auto& attributes = lowering_.change.attributes;
    return std::any_of(attributes.begin(), attributes.end(), [&](const AttributeChange& change) {
      return change.path == path || change.path.starts_with(std::string(path) + ".");
    });
  }

  void add_update(const std::string& live_name) {
    if (changes("content") || changes("template_driver")) {
      add_creation(text_or(lowering_.live.context, "next_name"));
    } else if (changes("labels") || changes("recorded")) {
      add("relabel",
          "change the labels of",
          live_name,
          {{"name", live_name}, {"labels", labels()}, {"content", get(spec(), "content")}});
    }
    const Json& unused = get(lowering_.live.attributes, "unused");
    if (!unused.empty()) add("remove", "remove", "no longer used", {{"names", unused}});
  }

  StoredAs type_;
  const Lowering& lowering_;
  docker::Stack stack_;
  docker::StepList steps_;
};

template <StoredAs type>
std::vector<Step> lower(const Lowering& lowering) {
  return Lowerer(type, lowering).lower();
}

std::string keeps(Action ending, const Observation&) {
  if (ending != Action::replace) return {};
  return "It is fixed, and has the content that is asked for: there is nothing to replace.";
}

template <StoredAs type>
const Kind& kind() {
  static const Kind k_kind{.name = kind_of(type),
                           .scope_type = "stack",
                           .schema = "",
                           .rules = k_rules,
                           .queries = queries,
                           .interpret = interpret<type>,
                           .normalize = normalize<type>,
                           .refine = nullptr,
                           .keeps = keeps,
                           .lower = lower<type>,
                           .perform = docker::perform_stored_file};
  return k_kind;
}

}  // namespace

const Kind& swarm_config_kind() {
  return kind<StoredAs::config>();
}

const Kind& swarm_secret_kind() {
  return kind<StoredAs::secret>();
}

}  // namespace aegis
