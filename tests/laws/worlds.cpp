#include "laws/worlds.h"

#include <algorithm>
#include <mutex>

#include "laws/proxmox_world.h"
#include "support/fake_cloudflare.h"
#include "support/fake_docker.h"
#include "support/private_root.h"

namespace aegis::laws {
namespace {

// Hands each request to the system that its endpoint names.
class AllSystems : public HttpTransport {
 public:
  AllSystems(HttpTransport& proxmox, HttpTransport& docker, HttpTransport& cloudflare)
      : proxmox_(proxmox), docker_(docker), cloudflare_(cloudflare) {}

  Result<HttpResponse> send(const HttpRequest& request) override {
    if (request.endpoint.starts_with("cloudflare/")) return cloudflare_.send(request);
    return request.endpoint.starts_with("docker/") ? docker_.send(request) : proxmox_.send(request);
  }

  std::vector<Result<HttpResponse>> send_all(std::span<const HttpRequest> requests) override {
    std::vector<Result<HttpResponse>> responses;
    for (const HttpRequest& request : requests) responses.push_back(send(request));
    return responses;
  }

 private:
  HttpTransport& proxmox_;
  HttpTransport& docker_;
  HttpTransport& cloudflare_;
};

// The host's operating system, made when it is first asked. What is about Proxmox's own files goes
// to the simulated node.
class LateRoot : public RemoteShell {
 public:
  explicit LateRoot(RemoteShell& node) : node_(node) {}

  Result<ShellOutput> run(const ShellCommand& command) override {
    const bool is_nodes =
        std::any_of(command.words.begin(), command.words.end(), [](const std::string& word) {
          return word.starts_with("/etc/pve/");
        });
    if (is_nodes) return node_.run(command);
    std::call_once(once_, [this] { root_ = std::make_unique<test::PrivateRoot>(); });
    return root_->run(command);
  }

  [[nodiscard]] Json changes() const { return root_ ? root_->changes() : Json::object(); }

 private:
  RemoteShell& node_;
  std::once_flag once_;
  std::unique_ptr<test::PrivateRoot> root_;
};

class GoldenWorld : public LawWorld {
 public:
  GoldenWorld() {
    docker_.add_image("demo/web:1", {{"Env", {"PATH=/bin"}}, {"Cmd", {"serve"}}});
    docker_.add_image("demo/web:2", {{"Env", {"PATH=/bin"}}, {"Cmd", {"serve"}}});
    docker_.init_swarm();
    cloudflare_.add_zone("example.net");
    docker_.add_image("demo/db:1", {{"Volumes", {{"/cache", Json::object()}}}, {"Cmd", {"db"}}});
    docker_.publish_image("demo/app:1");
    docker_.publish_image("demo/app:2");
  }

  HttpTransport& http() override { return all_; }
  RemoteShell& shell() override { return root_; }
  Clock& clock() override { return proxmox_->clock(); }
  SecretSink* secrets() override { return proxmox_->secrets(); }
  Json essence() override {
    return {{"proxmox", proxmox_->essence()},
            {"docker", docker_.essence()},
            {"os", root_.changes()},
            {"dns", cloudflare_.essence()}};
  }

 private:
  std::unique_ptr<LawWorld> proxmox_ = make_proxmox_world();
  test::FakeDocker docker_;
  LateRoot root_{proxmox_->shell()};
  test::FakeCloudflare cloudflare_;
  AllSystems all_{proxmox_->http(), docker_, cloudflare_};
};

}  // namespace

std::unique_ptr<LawWorld> make_golden_world() {
  return std::make_unique<GoldenWorld>();
}

}  // namespace aegis::laws
