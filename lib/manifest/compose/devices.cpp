#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "manifest/compose/form.h"
#include "manifest/compose/report.h"
#include "manifest/compose/runtime_forms.h"
#include "manifest/compose/scalars.h"

namespace aegis::compose {
namespace {

constexpr std::string_view k_all_permissions = "rwm";

std::optional<Node> read_permissions(const Node& value, Diagnostics& diagnostics) {
  auto text = read_text(value, diagnostics);
  if (!text) return std::nullopt;
  if (!text->text.empty() && text->text.find_first_not_of(k_all_permissions) == std::string::npos)
    return text;
  wrong_value(diagnostics, value, "made of the letters r, w and m");
  return std::nullopt;
}

// A path, or the name of a device of the container device interface: "vendor.com/class=name".
bool check_source(const std::string& source, const Node& at, Diagnostics& diagnostics) {
  if (source.starts_with('/') || is_cdi_name(source)) return true;
  wrong_value(diagnostics, at, "a device with an absolute path on the host");
  return false;
}

std::optional<Node> read_short(const Node& item, Diagnostics& diagnostics) {
  const auto text = read_text(item, diagnostics);
  if (!text) return std::nullopt;
  const auto pieces = split(text->text, ':');
  if (pieces.size() > 3) {
    wrong_value(diagnostics, item, "a device of the form source[:target[:permissions]]");
    return std::nullopt;
  }
  Node device = make_mapping(item);
  set(device, "source", make_text(pieces[0], item));
  if (pieces.size() > 1) set(device, "target", make_text(pieces[1], item));
  if (pieces.size() > 2) {
    Node permissions = make_text(pieces[2], item);
    permissions.quoted = true;
    auto read = read_permissions(permissions, diagnostics);
    if (!read) return std::nullopt;
    set(device, "permissions", std::move(*read));
  }
  return device;
}

std::optional<Node> read_device(const Node& item, Diagnostics& diagnostics) {
  constexpr std::array<Field, 3> k_fields{{
      {"source", read_text},
      {"target", read_text},
      {"permissions", read_permissions},
  }};
  auto device = item.type == Node::Type::mapping ? read_object(item, k_fields, diagnostics)
                                                 : read_short(item, diagnostics);
  if (!device) return std::nullopt;
  const Node* told = device->find("source");
  if (told != nullptr && told->type == Node::Type::null) return std::nullopt;
  const std::string source = text_at(*device, "source");
  if (!check_source(source, item, diagnostics)) return std::nullopt;
  if (text_at(*device, "target").empty()) set(*device, "target", make_text(source, item));
  if (device->find("permissions") == nullptr)
    set(*device, "permissions", make_text(std::string(k_all_permissions), item));
  return device;
}

}  // namespace

bool is_cdi_name(const std::string& source) {
  const std::size_t slash = source.find('/');
  const std::size_t equals = source.find('=');
  return slash != 0 && slash != std::string::npos && equals != std::string::npos &&
         slash + 1 < equals && equals + 1 < source.size();
}

std::optional<Node> read_devices(const Node& value, Diagnostics& diagnostics) {
  return read_list(value, read_device, "a list of devices", diagnostics);
}

}  // namespace aegis::compose
