#include "manifest/compose/project.h"

#include <fmt/format.h>

#include <array>
#include <cctype>

#include "manifest/compose/files.h"
#include "manifest/compose/form.h"
#include "manifest/compose/inclusion.h"
#include "manifest/compose/report.h"
#include "manifest/compose/scalars.h"
#include "manifest/compose/service.h"
#include "manifest/compose/shared_resource.h"

namespace aegis::compose {
namespace {

void check_keys(const Node& named, Diagnostics& diagnostics) {
  for (const Member& member : named.members) {
    bool good = !member.key.empty();
    for (const unsigned char c : member.key)
      good = good && (std::isalnum(c) != 0 || c == '_' || c == '.' || c == '-');
    if (good) continue;
    error(diagnostics,
          member.where,
          "invalid name",
          fmt::format("`{}`: names are made of letters, digits, `_`, `.` and `-`.",
                      member.value.path));
  }
}

std::optional<Node> read_services(const Node& value, Diagnostics& diagnostics) {
  check_keys(value, diagnostics);
  return read_named(value, read_service, diagnostics);
}

std::optional<Node> read_networks(const Node& value, Diagnostics& diagnostics) {
  check_keys(value, diagnostics);
  return read_named(value, read_network, diagnostics);
}

std::optional<Node> read_volumes(const Node& value, Diagnostics& diagnostics) {
  check_keys(value, diagnostics);
  return read_named(value, read_volume, diagnostics);
}

std::optional<Node> read_file_sources(const Node& value, Diagnostics& diagnostics) {
  check_keys(value, diagnostics);
  return read_named(value, read_file_source, diagnostics);
}

constexpr std::array<Field, 9> k_fields{{
    {"name", read_text},
    {"include", read_include},
    {"services", read_services},
    {"networks", read_networks},
    {"volumes", read_volumes},
    {"version", nullptr, Support::no_effect},
    {"configs", read_file_sources},
    {"secrets", read_file_sources},
    {"models",
     nullptr,
     Support::refused,
     "needs Docker's model runner, which is no part of the engine"},
}};

}  // namespace

std::optional<Node> read_project(const Node& document, Diagnostics& diagnostics) {
  return read_object(document, k_fields, diagnostics);
}

}  // namespace aegis::compose
