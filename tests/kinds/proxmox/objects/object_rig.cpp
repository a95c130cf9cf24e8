#include "kinds/proxmox/objects/object_rig.h"

#include <fmt/format.h>

#include <array>
#include <catch2/catch.hpp>

#include "engine/observe.h"
#include "kinds/proxmox/objects/object_kind.h"

namespace aegis::test {
namespace {

using proxmox::Field;
using enum proxmox::ValueForm;

constexpr std::array k_thing_fields{
    Field{.name = "comment"},
    Field{.name = "title", .needed = "*"},
    Field{.name = "size", .form = number, .fallback = "5"},
    Field{.name = "on", .form = flag, .fallback = "1", .stays = true},
    Field{.name = "words", .form = word_list},
    Field{.name = "lines", .form = text_list},
    Field{.name = "levels", .form = word_set, .key = "level"},
    Field{.name = "keep", .form = properties},
    Field{.name = "body", .form = encoded},
    Field{.name = "header", .form = named_texts},
    Field{.name = "secret", .form = named_secrets},
};

constexpr proxmox::ObjectType k_thing{.kind = "thing",
                                      .schema = "",
                                      .section = "things",
                                      .noun = "thing",
                                      .list = "/things",
                                      .id_key = "name",
                                      .fields = k_thing_fields,
                                      .marked = true,
                                      .repeats_delete = true};

constexpr std::array k_rock_fields{
    Field{.name = "weight", .form = number, .needed = "*", .fixed = true},
    Field{.name = "colour", .types = "soft"},
    Field{.name = "port", .form = number, .always = true},
    Field{.name = "key", .form = secret},
    Field{.name = "place", .fixed = true, .host_made = true},
    Field{.name = "seed", .form = secret, .only_new = true},
};

std::string path_of(std::string_view name) {
  return "/things/" + std::string(name);
}

constexpr proxmox::ObjectType k_rock{.kind = "rock",
                                     .schema = "",
                                     .section = "rocks",
                                     .noun = "rock",
                                     .list = "/things",
                                     .id_key = "name",
                                     .fields = k_rock_fields,
                                     .types = "soft hard",
                                     .sends_type = true,
                                     .removal = "it stays on the ground",
                                     .privileges = "Things.Audit",
                                     .guarded_path = path_of};

}  // namespace

const Kind& thing_kind() {
  return proxmox::object_kind<k_thing>();
}

const Kind& rock_kind() {
  return proxmox::object_kind<k_rock>();
}

ObjectRig::ObjectRig(const Kind& kind)
    : kind_(kind),
      file_({"lines", "level", "header", "secret", "delete"}),
      effects_{file_, shell_, clock_, vault_} {
  Scope scope;
  scope.name = "server/fsn1";
  scope.settings = {{"endpoint", "proxmox/fsn1"}, {"node", "pve"}, {"root", true}};
  desired_.scopes[scope.name] = scope;
  manage(true);
}

void ObjectRig::manage(bool managed) {
  Json& sections = desired_.scopes.at("server/fsn1").settings["sections"];
  sections = Json::array();
  if (managed) sections.push_back(fmt::format("{}s", kind_.name));
}

void ObjectRig::want(const std::string& name, const Json& spec) {
  Resource resource;
  resource.address = {"server/fsn1", std::string(kind_.name), name};
  resource.scope = "server/fsn1";
  resource.spec = spec;
  desired_.resources[resource.address] = resource;
}

World ObjectRig::observe() {
  Observed observed = aegis::observe(desired_, {&kind_, 1}, file_, shell_, vault_);
  for (const Unreadable& failure : observed.failures) FAIL(failure.error.message);
  return std::move(observed.world);
}

Error ObjectRig::observe_failure() {
  const Observed observed = aegis::observe(desired_, {&kind_, 1}, file_, shell_, vault_);
  REQUIRE(observed.failures.size() == 1);
  return observed.failures.front().error;
}

Plan ObjectRig::plan(const PlanOptions& options) {
  return make_plan(desired_, observe(), {&kind_, 1}, options);
}

Result<Json> ObjectRig::perform(const Step& step) {
  return kind_.perform(step, {}, effects_);
}

Result<Done> ObjectRig::apply(const Plan& plan) {
  for (const Step& step : plan.steps) {
    const auto output = perform(step);
    if (!output) return output.error().in_context(step.title);
  }
  return Done{};
}

void ObjectRig::converge(const PlanOptions& options) {
  const Plan first = plan(options);
  for (const Change& change : first.changes) {
    INFO(change.blocked);
    REQUIRE(change.blocked.empty());
  }
  const auto applied = apply(first);
  if (!applied) FAIL(applied.error().message);
  const Plan second = plan(options);
  for (const Change& change : second.changes) {
    for (const AttributeChange& left : change.attributes) {
      UNSCOPED_INFO(left.path << ": " << left.before << " -> " << left.after);
    }
  }
  CHECK(second.changes.empty());
}

}  // namespace aegis::test
