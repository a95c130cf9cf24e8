#include "manifest/compose/device_requests.h"

#include <fmt/format.h>

#include <array>

#include "manifest/compose/form.h"
#include "manifest/compose/lists.h"
#include "manifest/compose/report.h"
#include "manifest/compose/runtime_forms.h"
#include "manifest/compose/scalars.h"

namespace aegis::compose {
namespace {

// "all" is -1 for the engine.
std::optional<Node> read_device_count(const Node& value, Diagnostics& diagnostics) {
  if (value.text == "all") return make_integer(-1, value);
  return read_limit(value, diagnostics);
}

constexpr std::array<Field, 5> k_fields{{
    {"driver", read_text},
    {"count", read_device_count},
    {"device_ids", read_names_or_numbers},
    {"capabilities", read_texts},
    {"options", read_labels},
}};

std::optional<Node> read_request(const Node& value, Diagnostics& diagnostics) {
  auto request = read_object(value, k_fields, diagnostics);
  if (!request) return std::nullopt;
  const Node* count = request->find("count");
  const Node* ids = request->find("device_ids");
  if (count != nullptr && ids != nullptr) {
    error(
        diagnostics,
        count->where,
        "contradiction",
        fmt::format("`{}` and `{}` exclude each other. Keep one of them.", count->path, ids->path),
        &ids->where);
    return std::nullopt;
  }
  if (count == nullptr && ids == nullptr) set(*request, "count", make_integer(-1, value));
  return request;
}

std::optional<Node> read_reserved(const Node& value, Diagnostics& diagnostics) {
  auto request = read_request(value, diagnostics);
  if (!request || request->find("capabilities") != nullptr) return request;
  error(diagnostics,
        value.where,
        "missing key",
        fmt::format("`{}` needs `capabilities`, such as [gpu].", value.path));
  return std::nullopt;
}

void add_reserved(const Node& service, Node& all) {
  const Node* resources = service.find("deploy", "resources");
  const Node* reserved =
      resources == nullptr ? nullptr : resources->find("reservations", "devices");
  if (reserved == nullptr) return;
  all.items.insert(all.items.end(), reserved->items.begin(), reserved->items.end());
}

void add_cdi_devices(Node& service, Node& all) {
  Node* devices = service.find("devices");
  if (devices == nullptr) return;
  Node names = make_sequence(*devices);
  std::erase_if(devices->items, [&](const Node& device) {
    const std::string source = text_at(device, "source");
    if (!is_cdi_name(source)) return false;
    names.items.push_back(make_text(source, device));
    return true;
  });
  if (names.items.empty()) return;
  Node request = make_mapping(*devices);
  set(request, "driver", make_text("cdi", *devices));
  set(request, "device_ids", std::move(names));
  all.items.push_back(std::move(request));
}

}  // namespace

std::optional<Node> read_gpus(const Node& value, Diagnostics& diagnostics) {
  if (!value.is_scalar())
    return read_list(value, read_request, "\"all\" or a list of devices", diagnostics);
  constexpr std::array<std::string_view, 1> k_words{"all"};
  if (!read_word(value, k_words, diagnostics)) return std::nullopt;
  Node list = make_sequence(value);
  Node request = make_mapping(value);
  set(request, "count", make_integer(-1, value));
  list.items.push_back(std::move(request));
  return list;
}

std::optional<Node> read_reserved_devices(const Node& value, Diagnostics& diagnostics) {
  return read_list(value, read_reserved, "a list of devices", diagnostics);
}

void fold_device_requests(Node& service) {
  Node all = make_sequence(service);
  if (const Node* gpus = service.find("gpus")) {
    for (Node request : gpus->items) {
      Node capabilities = request.find("capabilities") != nullptr ? *request.find("capabilities")
                                                                  : make_sequence(request);
      capabilities.items.push_back(make_text("gpu", request));
      set(request, "capabilities", std::move(capabilities));
      all.items.push_back(std::move(request));
    }
  }
  add_reserved(service, all);
  add_cdi_devices(service, all);
  if (!all.items.empty()) set(service, "gpus", std::move(all));
}

}  // namespace aegis::compose
