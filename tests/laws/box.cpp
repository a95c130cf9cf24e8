#include "laws/box.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"
#include "support/fake_clock.h"
#include "support/fake_shell.h"

namespace aegis::laws {
namespace {

class BoxWorld : public LawWorld, public HttpTransport {
 public:
  HttpTransport& http() override { return *this; }
  RemoteShell& shell() override { return shell_; }
  Clock& clock() override { return clock_; }
  Json essence() override {
    Json sorted = boxes_;
    std::sort(sorted.begin(), sorted.end());
    return sorted;
  }

  Result<HttpResponse> send(const HttpRequest& request) override {
    const Json body = request.body.empty() ? Json() : parse_json(request.body).value();
    if (request.method == "GET") return answer(boxes_);
    if (request.path == "/boxes") {
      boxes_.push_back({{"name", ""}, {"size", 0}});
      return answer({{"number", boxes_.size() - 1}});
    }
    const std::vector<std::string> pieces = split(request.path, '/');
    if (pieces.at(1) == "boxes") {
      boxes_.at(std::stoul(pieces.at(2))) = body;
      return answer(body);
    }
    const auto box = std::find_if(boxes_.begin(), boxes_.end(), [&](const Json& candidate) {
      return text_or(candidate, "name") == pieces.at(2);
    });
    if (box == boxes_.end()) {
      boxes_.push_back(body);
    } else {
      *box = body;
    }
    return answer(body);
  }

  std::vector<Result<HttpResponse>> send_all(std::span<const HttpRequest> requests) override {
    std::vector<Result<HttpResponse>> responses;
    for (const HttpRequest& request : requests) responses.push_back(send(request));
    return responses;
  }

 private:
  static HttpResponse answer(const Json& body) { return {200, "OK", {}, dump_json(body)}; }

  Json boxes_ = Json::array();
  FakeShell shell_;
  FakeClock clock_;
};

constexpr std::string_view k_endpoint = "proxmox/a";

const Query& list_query() {
  static const Query k_list{Query::Type::http_get, std::string(k_endpoint), "/boxes"};
  return k_list;
}

std::vector<Query> queries(const Batch&, const Replies&) {
  return {list_query()};
}

Result<std::vector<Observation>> interpret(const Batch& batch, const Replies& replies, Vault&) {
  const Reply& reply = replies.at(list_query());
  if (reply.error) return *reply.error;
  std::vector<Observation> observations;
  for (const Resource* resource : batch.resources) {
    Observation observation{resource->address, batch.scope.name, false, false, {}, {}, {}};
    for (const Json& box : reply.body) {
      if (text_or(box, "name") != resource->address.name) continue;
      observation.exists = observation.owned = true;
      observation.attributes = {{"size", box["size"]}};
    }
    observations.push_back(std::move(observation));
  }
  return observations;
}

Json normalize(const Resource& resource, const Observation&) {
  return resource.spec;
}

/// Shows sizes as text, which no wanted size is.
Result<std::vector<Observation>> interpret_restlessly(const Batch& batch,
                                                      const Replies& replies,
                                                      Vault& vault) {
  auto observations = interpret(batch, replies, vault);
  if (!observations) return observations;
  for (Observation& observation : *observations) {
    if (observation.exists)
      observation.attributes["size"] = as_text(observation.attributes["size"]);
  }
  return observations;
}

Json box_of(const Lowering& lowering) {
  return {{"name", lowering.change.address.name}, {"size", lowering.wanted["size"]}};
}

Step make_step(const Lowering& lowering, StepId id, std::string operation) {
  Step step;
  step.id = id;
  step.address = lowering.change.address;
  step.operation = std::move(operation);
  step.title = step.operation + " box " + step.address.name;
  step.input = box_of(lowering);
  if (id > 1) step.after = {id - 1};
  return step;
}

std::vector<Step> lower(const Lowering& lowering) {
  return {make_step(lowering, 1, "put")};
}

std::vector<Step> lower_in_two(const Lowering& lowering) {
  return {make_step(lowering, 1, "make"), make_step(lowering, 2, "name")};
}

std::vector<Step> lower_stubbornly(const Lowering& lowering) {
  return {make_step(lowering, 1, "make-alone"), make_step(lowering, 2, "put")};
}

Result<Json> send(Effects& effects, std::string method, std::string path, const Json& body) {
  HttpRequest request;
  request.endpoint = k_endpoint;
  request.method = std::move(method);
  request.path = std::move(path);
  request.body = dump_json(body);
  const auto response = effects.http.send(request);
  if (!response) return response.error();
  return parse_json(response->body);
}

Result<Json> perform(const Step& step, const Outputs& outputs, Effects& effects) {
  if (step.operation == "put") {
    return send(effects, "PUT", "/named/" + step.address.name, step.input);
  }
  if (step.operation == "name") {
    const Json& number = outputs.at(step.id - 1)["number"];
    return send(effects, "POST", "/boxes/" + as_text(number), step.input);
  }
  if (step.operation == "make-alone") {
    const auto boxes = send(effects, "GET", "/boxes", {});
    if (!boxes) return boxes.error();
    if (!boxes->empty()) return Error{ErrorCode::conflict, "there is a box already"};
  }
  return send(effects, "POST", "/boxes", {});
}

Kind make_kind(decltype(Kind::interpret) interpret_it, decltype(Kind::lower) lower_it) {
  Kind kind{};
  kind.name = "box";
  kind.scope_type = "server";
  kind.queries = queries;
  kind.interpret = interpret_it;
  kind.normalize = normalize;
  kind.lower = lower_it;
  kind.perform = perform;
  return kind;
}

}  // namespace

std::unique_ptr<LawWorld> make_box_world() {
  return std::make_unique<BoxWorld>();
}

Wanted wanted_boxes(std::map<std::string, int> sizes) {
  return [sizes = std::move(sizes)](Vault&) {
    Desired desired;
    desired.scopes["server/a"] = {"server/a", {{"endpoint", k_endpoint}, {"root", true}}, {}};
    for (const auto& [name, size] : sizes) {
      const Address address{"", "box", name};
      desired.resources[address] = {address, "server/a", {{"size", size}}, {}, {}, {}};
    }
    return desired;
  };
}

const Kind& good_box() {
  static const Kind k_kind = make_kind(interpret, lower);
  return k_kind;
}

const Kind& restless_box() {
  static const Kind k_kind = make_kind(interpret_restlessly, lower);
  return k_kind;
}

const Kind& littering_box() {
  static const Kind k_kind = make_kind(interpret, lower_in_two);
  return k_kind;
}

const Kind& stubborn_box() {
  static const Kind k_kind = make_kind(interpret, lower_stubbornly);
  return k_kind;
}

}  // namespace aegis::laws
