#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "simulator/host.h"

namespace aegis::test {

/// A clock that only moves when it is told to.
struct ManualClock {
  std::shared_ptr<simulator::TimePoint> time =
      std::make_shared<simulator::TimePoint>(std::chrono::hours(24 * 365 * 56));

  void advance(std::chrono::milliseconds by) const { *time += by; }
};

/// Options that resemble the machine of the recordings: node pve, storages local (dir) and data
/// (btrfs), bridge vmbr0 and no other, /dev/nosuch absent, a small Alpine template.
simulator::SimulatorOptions recorded_options();

/// As above, with time under the test's control.
simulator::SimulatorOptions recorded_options(const ManualClock& clock);

/// A simulated host with short ways to call it. Form values are given decoded and are encoded here.
class Testbed {
 public:
  using Form = std::vector<std::pair<std::string, std::string>>;

  explicit Testbed(simulator::SimulatorOptions options = recorded_options());

  /// Requests as root@pam with a ticket, or as what `as` last said.
  simulator::Response request(std::string method, std::string path, const Form& form = {});
  simulator::Response get(std::string path, const Form& query = {});
  simulator::Response put(std::string path, const Form& form);
  simulator::Response post(std::string path, const Form& form = {});
  simulator::Response remove(std::string path, const Form& query = {});

  /// `data` of a GET that must succeed.
  Json data(std::string path, const Form& query = {});
  /// The exit status of the task that an answer's UPID names; "" for an answer without one.
  std::string exit_status(const simulator::Response& response);

  /// An unprivileged container on `data` with the given configuration, stopped.
  void make_container(int vmid, Form form = {});
  /// The same, running.
  void make_running(int vmid, Form form = {});
  /// Sets configuration keys; the PUT must succeed.
  void configure(int vmid, const Form& form);

  /// From now on: "" for root's ticket, else an API token "id=secret".
  void as(std::string token) { token_ = std::move(token); }
  /// A user with a role at a path and its token; returns the token for `as`.
  std::string make_token(const std::string& user,
                         const std::string& role,
                         const std::string& path,
                         bool separated = false);

  simulator::Host& host() { return *host_; }

 private:
  std::unique_ptr<simulator::Host> host_;
  std::string token_;
};

/// The parsed body of an answer.
Json body_of(const simulator::Response& response);
/// The message of a failure without its line end.
std::string message_of(const simulator::Response& response);
/// The complaint about one parameter, line ends stripped.
std::string complaint_of(const simulator::Response& response, std::string_view parameter);

inline constexpr std::string_view k_template = "local:vztmpl/alpine-3.19-default_amd64.tar.zst";

}  // namespace aegis::test
