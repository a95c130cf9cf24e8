#include "kinds/docker/swarm/stored_file_perform.h"

#include <fmt/format.h>

#include <string>

#include "base/digest.h"
#include "base/text.h"
#include "kinds/docker/labels.h"
#include "kinds/docker/swarm/adoption.h"
#include "kinds/docker/swarm/labels.h"
#include "kinds/docker/swarm/stored_file.h"

namespace aegis::docker {
namespace {

std::string path_of(const Step& step, const std::string& name = "") {
  const std::string path = "/" + text_or(step.input, "section");
  return name.empty() ? path : path + "/" + name_in_path(name);
}

void mark(Json& labels, const Step& step, const std::string& name, const std::string& content) {
  if (text_or(step.input, "section") == "secrets") {
    labels[std::string(k_content_label)] = content_mark(name, content);
  }
}

// The object of exactly this name; null when there is none.
Result<Json> find_by_name(const EngineClient& client,
                          const std::string& list,
                          const std::string& name) {
  const auto objects = client.get(list);
  if (!objects) return objects.error();
  for (const Json& object : objects->body) {
    if (text_or(get(object, "Spec"), "Name") == name) return object;
  }
  return Json();
}

Result<Json> create(const Step& step, const EngineClient& client) {
  Json body = client.effects().vault.reveal_all(get(step.input, "body"));
  const std::string name = text_or(body, "Name");
  const std::string content = as_text(get(body, "Data"));
  mark(body["Labels"], step, name, content);
  body["Data"] = base64_encode(content);
  const auto made = client.post(path_of(step, "create"), body, {409}, step.timeout);
  if (!made) return made.error();
  if (made->status != 409) return Json{{"id", text_or(made->body, "ID")}};
  const auto existing = find_by_name(client, path_of(step), name);
  if (!existing) return existing.error();
  const Json& spec = get(*existing, "Spec");
  // Made by a run that ended before it was told so.
  const bool same = get(spec, "Labels") == get(body, "Labels") &&
                    (!spec.contains("Data") || get(spec, "Data") == get(body, "Data"));
  if (same) return Json{{"id", text_or(*existing, "ID")}};
  return Error{ErrorCode::conflict, fmt::format("something else is called {}; plan again", name)};
}

Result<Json> relabel(const Step& step, const EngineClient& client) {
  const std::string name = text_or(step.input, "name");
  const auto existing = find_by_name(client, path_of(step), name);
  if (!existing) return existing.error();
  if (existing->is_null()) {
    return Error{ErrorCode::not_found, fmt::format("{} is gone; plan again", name)};
  }
  Json spec = get(*existing, "Spec");
  spec["Labels"] = client.effects().vault.reveal_all(get(step.input, "labels"));
  mark(spec["Labels"],
       step,
       name,
       as_text(client.effects().vault.reveal_all(get(step.input, "content"))));
  const std::string version = as_text(get(get(*existing, "Version"), "Index"));
  const auto done = client.post(
      fmt::format("{}/update?version={}", path_of(step, text_or(*existing, "ID")), version), spec);
  if (!done) return done.error();
  return Json::object();
}

Result<Json> remove(const Step& step, const EngineClient& client) {
  for (const Json& name : get(step.input, "names")) {
    const auto removed = client.remove(path_of(step, as_text(name)), {404});
    if (!removed) return removed.error();
  }
  return Json::object();
}

}  // namespace

Result<Json> remove_replaced_files(const Step& step, const EngineClient& client) {
  for (const std::string section : {"configs", "secrets"}) {
    for (const Json& name : get(step.input, section)) {
      // 400: another service still uses it, and removes it once it has moved.
      const auto removed =
          client.remove("/" + section + "/" + name_in_path(as_text(name)), {400, 404});
      if (!removed) return removed.error();
    }
  }
  return Json::object();
}

Result<Json> perform_stored_file(const Step& step, const Outputs&, Effects& effects) {
  if (step.operation == "adopt") return perform_swarm_adoption(step, effects);
  const auto client = EngineClient::open(step, effects);
  if (!client) return client.error();
  if (step.operation == "create") return create(step, *client);
  if (step.operation == "relabel") return relabel(step, *client);
  if (step.operation == "remove") return remove(step, *client);
  return Error{ErrorCode::rejected, "a config or secret has no operation called " + step.operation};
}

}  // namespace aegis::docker
