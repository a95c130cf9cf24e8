#include "kinds/proxmox/node/take_back.h"

#include <array>
#include <catch2/catch.hpp>
#include <string>

#include "base/vault.h"
#include "engine/apply.h"
#include "kinds/proxmox/node/interface.h"
#include "support/fake_clock.h"
#include "support/private_root.h"
#include "support/quiet_run.h"

using namespace aegis;
using namespace aegis::test;

namespace {

constexpr const char* k_file = "/etc/network/interfaces";
constexpr const char* k_timer = "aegisctl-guard-network";

/// The network part of a server's API, of one bridge whose address is all that there is in the
/// server's file.
class NetworkApi : public HttpTransport {
 public:
  explicit NetworkApi(PrivateRoot& root) : root_(root) {}

  Result<HttpResponse> send(const HttpRequest& request) override {
    constexpr std::string_view k_list = "/api2/json/nodes/pve/network";
    if (request.path.find("/tasks/") != std::string::npos) {
      const bool is_log = request.path.find("/log") != std::string::npos;
      return told(is_log ? Json::array() : Json{{"status", "stopped"}, {"exitstatus", "OK"}});
    }
    if (request.method == "GET") return list();
    if (request.path != k_list) {
      staged_ = "10.7.0.2/24";
    } else if (request.method == "DELETE") {
      staged_.clear();
    } else {
      root_.sh("echo " + staged_ + " > " + k_file);
      staged_.clear();
      return told("UPID:pve:1:2:3:srvreload:networking:root@pam:");
    }
    return told(nullptr);
  }

  std::vector<Result<HttpResponse>> send_all(std::span<const HttpRequest> requests) override {
    std::vector<Result<HttpResponse>> answers;
    for (const HttpRequest& request : requests) answers.push_back(send(request));
    return answers;
  }

 private:
  Result<HttpResponse> list() {
    std::string address = root_.sh(std::string("cat ") + k_file);
    address.pop_back();
    Json whole{{"data",
                Json::array({Json{{"iface", "vmbr7"},
                                  {"type", "bridge"},
                                  {"autostart", 1},
                                  {"cidr", staged_.empty() ? address : staged_}}})}};
    if (!staged_.empty()) whole["changes"] = "--- a\n";
    return HttpResponse{200, "OK", {}, dump_json(whole)};
  }

  static Result<HttpResponse> told(const Json& data) {
    return HttpResponse{200, "OK", {}, dump_json({{"data", data}})};
  }

  PrivateRoot& root_;
  std::string staged_;
};

/// A server whose bridge gets another address.
class NetworkRig {
 public:
  NetworkRig() {
    root.sh(std::string("mkdir -p /etc/network; echo 10.7.0.1/24 > ") + k_file +
            "; printf '#!/bin/sh\\necho reloaded >> /tmp/ifreload.log\\n' > "
            "/usr/local/sbin/ifreload; chmod 755 /usr/local/sbin/ifreload");
    scope_.name = "server/a";
    scope_.settings = {{"endpoint", "proxmox/a"}, {"node", "pve"}, {"ssh_port", 22}};
  }

  Plan plan() {
    const Json live{{"type", "bridge"}, {"autostart", true}, {"cidr", "10.7.0.1/24"}};
    Json wanted = live;
    wanted["cidr"] = "10.7.0.2/24";
    Observation seen;
    seen.exists = seen.owned = true;
    seen.attributes = live;
    Change change;
    change.address = {"server/a", "interface", "vmbr7"};
    AttributeChange& cidr = change.attributes.emplace_back();
    cidr.path = "cidr";
    cidr.before = "10.7.0.1/24";
    cidr.after = "10.7.0.2/24";
    Plan plan;
    plan.steps = interface_kind().lower({change, scope_, nullptr, wanted, seen});
    for (Step& step : plan.steps) step.address = change.address;
    plan.changes.push_back(change);
    return plan;
  }

  Outcome run() {
    NoJournal journal;
    NoObserver watcher;
    const std::array<Kind, 1> kinds{interface_kind()};
    return apply(plan(), kinds, {api_, root, clock_, vault_}, journal, watcher, {}, {}).outcome;
  }

  std::string address() { return root.sh(std::string("cat ") + k_file); }
  std::string reloads() { return root.sh("cat /tmp/ifreload.log 2> /dev/null || :"); }
  std::string left() {
    return root.sh(
        "find /var/lib/aegisctl/guard /var/lib/fake-systemd/timers -type f 2> /dev/null || :");
  }

  PrivateRoot root;

 private:
  NetworkApi api_{root};
  FakeClock clock_;
  Vault vault_;
  Scope scope_;
};

}  // namespace

TEST_CASE("a network that lets us in is confirmed over a new connection, and stays") {
  NetworkRig rig;
  std::vector<std::string> operations;
  for (const Step& step : rig.plan().steps) operations.push_back(step.operation);
  CHECK(operations == std::vector<std::string>{"stage", "arm", "reload", "confirm"});
  CHECK(rig.run() == Outcome::succeeded);
  CHECK(rig.address() == "10.7.0.2/24\n");
  CHECK(rig.left() == "");
  CHECK(rig.reloads() == "");
}

TEST_CASE("a network that lets nobody in any more is taken back at once") {
  NetworkRig rig;
  rig.root.lock_out(true);
  CHECK(rig.run() == Outcome::rolled_back);
  CHECK(rig.address() == "10.7.0.1/24\n");
  CHECK(rig.left() == "");
  CHECK(rig.reloads() == "reloaded\n");
}

TEST_CASE("a network that cuts off every connection is waited for until the server took it back") {
  NetworkRig rig;
  rig.root.cut_off_until(k_timer);
  CHECK(rig.run() == Outcome::rolled_back);
  CHECK(rig.address() == "10.7.0.1/24\n");
  CHECK(rig.left() == "");
  CHECK(rig.reloads() == "reloaded\n");
}

TEST_CASE("what a killed run left is taken back by the server, or kept as known to work") {
  NetworkRig rig;
  const auto perform = [&](const char* operation) {
    for (const Step& step : rig.plan().steps) {
      FakeClock clock;
      Vault vault;
      NetworkApi api(rig.root);
      Effects effects{api, rig.root, clock, vault};
      if (step.operation == operation) REQUIRE(interface_kind().perform(step, {}, effects));
    }
  };
  perform("arm");
  rig.root.sh(std::string("echo 10.7.0.2/24 > ") + k_file);
  // The next run arms anew: what comes back is what was there before the first.
  perform("arm");
  rig.root.elapse(k_timer);
  CHECK(rig.address() == "10.7.0.1/24\n");
  CHECK(rig.run() == Outcome::succeeded);
  CHECK(rig.left() == "");
}

TEST_CASE("without SSH there is no shell to set a timer from, and the reload is the last step") {
  Scope scope;
  scope.name = "server/a";
  scope.settings = Json::object();
  CHECK_FALSE(proxmox::can_be_taken_back(scope));
}
