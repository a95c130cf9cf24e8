#include "kinds/proxmox/objects/object_rig.h"

#include <fmt/format.h>

#include <array>

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

HostedFile::HostedFile() : file_({"lines", "level", "header", "secret", "delete"}) {}

ObjectRig::ObjectRig(const Kind& kind) : KindRig({&kind, 1}, file_, clock_), kind_(kind) {
  manage(true);
}

void ObjectRig::manage(bool managed) {
  Json& sections = settings()["sections"];
  sections = Json::array();
  if (managed) sections.push_back(fmt::format("{}s", kind_.name));
}

}  // namespace aegis::test
