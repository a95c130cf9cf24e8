#include "kinds/os/access.h"

#include <fmt/format.h>

#include <algorithm>

namespace aegis::os {
namespace {

constexpr std::size_t k_mode_digits = 4;

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string_view noun_of(PathFacts::Type type) {
  switch (type) {
    case PathFacts::Type::file:
      return "a file";
    case PathFacts::Type::directory:
      return "a directory";
    case PathFacts::Type::link:
      return "a symbolic link";
    case PathFacts::Type::other:
      break;
  }
  return "a device, a pipe or a socket";
}

}  // namespace

std::string path_of(const Address& address) {
  return fmt::format("/{}", address.name);
}

Json wanted_access(const Json& spec, std::string_view mode) {
  std::string digits = text_or(spec, "mode", mode);
  digits.insert(0, k_mode_digits - std::min(k_mode_digits, digits.size()), '0');
  return {{"owner", text_or(spec, "owner", "root")},
          {"group", text_or(spec, "group", "root")},
          {"mode", std::move(digits)}};
}

Json live_access(const PathFacts& seen, const Json& spec) {
  return {{"owner", is_number(text_or(spec, "owner")) ? seen.uid : seen.owner},
          {"group", is_number(text_or(spec, "group")) ? seen.gid : seen.group},
          {"mode", seen.mode}};
}

Diagnostic wrong_type(const Resource& resource, const PathFacts& seen, std::string_view wanted) {
  return {Severity::error,
          "Something else is there",
          fmt::format("{} is {}, and {} was to be there. Move it away, or declare another path.",
                      path_of(resource.address),
                      noun_of(seen.type),
                      wanted),
          resource.where,
          std::nullopt};
}

}  // namespace aegis::os
