#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "effects/http.h"

namespace aegis::test {

/// A Docker engine in memory, as API 1.41 answers, or a newer one: the calls that the kinds use,
/// with the engine's own statuses, merges and traps. What a container does is told by its command:
/// ["true"] ends with 0, ["false"] with 1, a health check that holds "false" never succeeds;
/// anything else runs. A Dockerfile that holds "fail" cannot be built; any other gives an image
/// with its labels, and with what was asked for as labels of their own: "query.shmsize", "logins".
/// A request that it does not know answers 501 and is kept in `unknown_calls`. Thread-safe.
class FakeDocker : public HttpTransport {
 public:
  explicit FakeDocker(std::string endpoint = "docker/unix:/run/fake.sock", int api_minor = 41);

  Result<HttpResponse> send(const HttpRequest& request) override;
  std::vector<Result<HttpResponse>> send_all(std::span<const HttpRequest> requests) override;

  /// An image that is on the engine; `config` as inspect's Config.
  void add_image(const std::string& reference, const Json& config = Json::object());

  /// An image that can be pulled, instead of the one that had the name. `tagged`: when the engine
  /// says that it gave it the name.
  void publish_image(const std::string& reference,
                     const Json& config = Json::object(),
                     const std::string& tagged = "0001-01-01T00:00:00Z");

  /// From now on images of `registry` are only pulled and asked for with this login.
  void protect(const std::string& registry, const std::string& user, const std::string& password);

  /// Makes the engine the one manager of a Swarm of one node. A service's tasks run at once; those
  /// with the arguments ["false"] fail, and an update to them ends as its failure_action says.
  void init_swarm();

  /// What is in a container's file; null when there is no such file.
  [[nodiscard]] Json file(const std::string& container, const std::string& path) const;

  /// Writes a container's file, as somebody in it would.
  void write_file(const std::string& container, const std::string& path, const std::string& text);

  /// The names of the images that are on the engine; "untagged" for one that has none.
  [[nodiscard]] std::vector<std::string> images() const;

  /// Everything else, ids and times left out: {containers, networks, volumes}, by name; of a Swarm
  /// also {services, configs, secrets}.
  [[nodiscard]] Json essence() const;

  /// "POST /containers/x/start" of every request that was no GET, without the version.
  [[nodiscard]] std::vector<std::string> writes() const;

  [[nodiscard]] std::vector<std::string> unknown_calls() const;

  /// "web-1: [\"sync\"]", a line for each command that was run inside a container.
  [[nodiscard]] std::vector<std::string> ran() const;

  [[nodiscard]] const std::string& endpoint() const { return endpoint_; }

 private:
  struct Call {
    std::string method;
    std::vector<std::string> path;  ///< decoded pieces, the version left out
    std::map<std::string, std::string> query;
    Json body;
    std::string raw;     ///< the body, when it is no JSON
    std::string login;   ///< X-Registry-Auth, as it came
    std::string logins;  ///< X-Registry-Config, as it came
  };

  static Call read_call(const HttpRequest& request);
  HttpResponse answer(const Call& call);

  HttpResponse on_containers(const Call& call);
  HttpResponse on_container(const Call& call, Json& container);
  HttpResponse list_containers(const Call& call) const;
  HttpResponse create_container(const Call& call);
  [[nodiscard]] bool takes_port_of_another(const Json& container) const;
  HttpResponse start_container(Json& container);
  HttpResponse stop_container(Json& container);
  HttpResponse rename_container(const Call& call, Json& container);
  HttpResponse update_container(const Call& call, Json& container);
  HttpResponse delete_container(const Call& call, Json& container);
  HttpResponse create_exec(const Call& call, const Json& container);
  [[nodiscard]] HttpResponse on_exec(const Call& call) const;
  HttpResponse put_archive(const Call& call, const Json& container);
  HttpResponse get_archive(const Call& call, const Json& container) const;
  void mount(Json& container, const Json& image);
  void add_mount(Json& container, const std::string& volume, const std::string& target, bool named);

  HttpResponse on_networks(const Call& call);
  HttpResponse create_network(const Call& call);
  HttpResponse connect(const Call& call, const Json& network);
  HttpResponse disconnect(const Call& call, const Json& network);

  HttpResponse on_volumes(const Call& call);
  HttpResponse create_volume(const Call& call);
  HttpResponse delete_volume(const std::string& name);

  HttpResponse on_swarm(const Call& call);
  HttpResponse on_services(const Call& call);
  HttpResponse create_service(const Call& call);
  HttpResponse update_service(const Call& call, Json& service);
  [[nodiscard]] HttpResponse list_tasks(const Call& call) const;
  HttpResponse on_stored(const Call& call, std::map<std::string, Json>& objects);
  [[nodiscard]] std::string settle_references(Json& spec);
  [[nodiscard]] bool is_used(const std::string& id) const;
  [[nodiscard]] Json swarm_essence() const;

  HttpResponse on_images(const Call& call);
  HttpResponse on_distribution(const Call& call) const;
  HttpResponse pull(const Call& call);
  HttpResponse build(const Call& call);
  HttpResponse delete_image(const std::string& reference);
  void name_image(const std::string& reference, const Json& image);
  [[nodiscard]] Json tags_of(const std::string& id) const;
  [[nodiscard]] bool may_read(const Call& call, const std::string& image) const;

  [[nodiscard]] Json attached(const Json& asked, const std::string& container_id) const;

  Json* find_container(const std::string& reference);
  Json* find_network(const std::string& reference);
  std::string new_id();
  std::string new_time();

  mutable std::mutex mutex_;
  std::string endpoint_;
  int api_minor_;
  std::uint64_t count_ = 0;
  std::map<std::string, Json> containers_;  ///< by id, as inspect shows them
  std::map<std::string, Json> files_;       ///< by container id: {path: {content, mode, uid, gid}}
  std::map<std::string, Json> execs_;       ///< by id: what was asked for
  std::map<std::string, Json> networks_;    ///< by id
  std::map<std::string, Json> volumes_;     ///< by name
  std::map<std::string, Json> images_;      ///< by canonical reference; by id without one
  std::map<std::string, Json> registry_;
  std::map<std::string, std::string> logins_;  ///< by registry: the header that is asked for
  bool is_manager_ = false;
  std::map<std::string, Json> services_;  ///< by id, as they are listed; so are the next two
  std::map<std::string, Json> configs_;
  std::map<std::string, Json> secrets_;
  std::vector<std::string> writes_;
  std::vector<std::string> unknown_;
  std::vector<std::string> ran_;
};

}  // namespace aegis::test
