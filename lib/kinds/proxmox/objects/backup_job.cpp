#include "kinds/proxmox/objects/backup_job.h"

#include <algorithm>
#include <array>

#include "kinds/proxmox/objects/object_kind.h"
#include "kinds/proxmox/objects/value_form.h"

namespace aegis {
namespace {

using proxmox::Field;
using enum proxmox::ValueForm;

constexpr std::array k_fields{
    Field{.name = "comment"},
    Field{.name = "enabled", .form = flag, .fallback = "1", .stays = true},
    Field{.name = "schedule", .needed = "*"},
    Field{.name = "repeat-missed", .form = flag, .fallback = "0"},

    Field{.name = "vmid", .form = word_list, .of_numbers = true},
    Field{.name = "all", .form = flag, .fallback = "0"},
    Field{.name = "pool"},
    Field{.name = "exclude", .form = word_list, .of_numbers = true},
    Field{.name = "exclude-path", .form = text_list},
    Field{.name = "stdexcludes", .form = flag, .fallback = "1"},
    Field{.name = "node"},

    Field{.name = "storage", .always = true},  // `protected` and `notes-template` require it
    Field{.name = "mode", .fallback = "snapshot"},
    Field{.name = "compress", .fallback = "0"},
    Field{.name = "zstd", .form = number, .fallback = "1"},
    Field{.name = "pigz", .form = number, .fallback = "0"},
    Field{.name = "prune-backups", .form = properties},
    Field{.name = "remove", .form = flag, .fallback = "1"},
    Field{.name = "protected", .form = flag, .fallback = "0"},
    Field{.name = "notes-template"},

    Field{.name = "bwlimit", .form = number, .fallback = "0"},
    Field{.name = "ionice", .form = number, .fallback = "7"},
    Field{.name = "performance", .form = properties},
    Field{.name = "fleecing", .form = properties, .flags = "enabled"},
    Field{.name = "pbs-change-detection-mode"},
    Field{.name = "lockwait", .form = number, .fallback = "180"},
    Field{.name = "stopwait", .form = number, .fallback = "10"},

    Field{.name = "notification-mode", .fallback = "auto"},
    Field{.name = "mailto", .form = word_list},
    Field{.name = "mailnotification", .fallback = "always"},
};

std::string objection_to(const Json& spec) {
  constexpr std::array<std::string_view, 3> k_selections{"vmid", "all", "pool"};
  const auto is_said = [&](std::string_view name) {
    const Json& value = get(spec, name);
    return !value.is_null() && value != false && !(value.is_array() && value.empty());
  };
  const auto said = std::count_if(k_selections.begin(), k_selections.end(), is_said);
  if (said == 1 || (said == 0 && is_said("exclude"))) return {};
  return "it needs exactly one of `vmid`, `all` and `pool`, to say which guests it is for.";
}

// What says when and of whom, and of the entry itself.
bool is_for_the_schedule(std::string_view name) {
  constexpr std::array<std::string_view, 9> k_names{
      "comment", "enabled", "schedule", "repeat-missed", "vmid", "all", "pool", "exclude", "node"};
  return std::find(k_names.begin(), k_names.end(), name) != k_names.end();
}

// Guests to leave out mean all others.
void settle(Json& shape) {
  const bool for_all = shape.contains("exclude") && !shape.contains("pool");
  if (for_all) shape["all"] = true;
}

constexpr std::array k_references{
    proxmox::Reference{
        .field = "storage", .kind = "storage", .list = "/storage", .id_key = "storage"},
    proxmox::Reference{.field = "pool", .kind = "pool", .list = "/pools", .id_key = "poolid"}};

constexpr proxmox::ObjectType k_type{.kind = "backup-job",
                                     .schema = "jobs",
                                     .section = "jobs.backup",
                                     .noun = "backup job",
                                     .list = "/cluster/backup",
                                     .id_key = "id",
                                     .fields = k_fields,
                                     .references = k_references,
                                     .marked = true,
                                     .digest = false,
                                     .removal = "the backups that it made stay",
                                     .objection = objection_to,
                                     .settle = settle};

}  // namespace

const Kind& backup_job_kind() {
  return proxmox::object_kind<k_type>();
}

proxmox::Form proxmox::one_shot_form(const Json& job) {
  Form form;
  for (const Field& field : k_fields) {
    const Json shape = shape_of_value(field, get(job, field.name));
    if (!shape.is_null() && !is_for_the_schedule(field.name)) add_to_form(form, field, shape);
  }
  return form;
}

}  // namespace aegis
