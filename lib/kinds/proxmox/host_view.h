#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "kinds/kind.h"
#include "kinds/proxmox/guest_system.h"

namespace aegis::proxmox {

/// `data` of a reply (in `replies`), or the error that it was, with what to do about it. `what`
/// names the thing that was to be read.
Result<const Json*> data_of(const Replies& replies, const Query& query, std::string_view what);

/// GET queries of one server.
struct HostQueries {
  explicit HostQueries(const Scope& scope);

  [[nodiscard]] Query get(std::string_view path) const;  ///< below /api2/json
  [[nodiscard]] Query of_node(std::string_view path) const;
  [[nodiscard]] Query permissions() const;
  [[nodiscard]] Query guests() const;  ///< of the whole cluster, virtual machines too
  [[nodiscard]] Query of_system(const GuestSystem& system) const;  ///< its guests of this node
  [[nodiscard]] Query nodes() const;                               ///< of the whole cluster
  [[nodiscard]] Query storages() const;
  [[nodiscard]] Query bridges() const;
  [[nodiscard]] Query status() const;  ///< of the node: memory, processors
  [[nodiscard]] Query pending(const GuestSystem& system, std::int64_t vmid) const;
  /// Files of a storage, of one content type ("vztmpl").
  [[nodiscard]] Query files(std::string_view storage, std::string_view content) const;

  std::string endpoint;
  std::string node;
};

/// True when `nodes`, the answer to HostQueries::nodes(), has a node of that name.
bool has_node(const Json& nodes, std::string_view name);

/// What the host has and lets us see, read from the replies of one wave. Refers to the replies.
class HostView {
 public:
  /// The guests of one system. Fails when the host did not answer or refused.
  static Result<HostView> read(const HostQueries& queries,
                               const Replies& replies,
                               const GuestSystem& system);

  /// The list's entry of a guest of this node and system, or null.
  [[nodiscard]] const Json& guest(std::int64_t vmid) const;
  [[nodiscard]] const std::map<std::int64_t, const Json*>& guests() const;

  /// "the virtual machine 103 (web) on node pve" when another guest has that id; else empty.
  [[nodiscard]] std::string other_guest(std::int64_t vmid) const;

  /// The node that a guest of this system with that id is on, when it is not this one; else empty.
  [[nodiscard]] std::string other_node(std::int64_t vmid) const;

  /// The cluster list's entry of such a guest, or of another one that has the id; or null.
  [[nodiscard]] const Json& other(std::int64_t vmid) const;

  /// True when these credentials have the privilege on the guest.
  [[nodiscard]] bool grants(std::string_view privilege, std::int64_t vmid) const;

  /// True when these credentials would see a guest with that id.
  [[nodiscard]] bool may_see(std::int64_t vmid) const;

  /// Names that the host would know, by list; nothing when the list could not be read.
  [[nodiscard]] std::optional<bool> has_storage(std::string_view name) const;
  [[nodiscard]] std::optional<bool> has_bridge(std::string_view name) const;

  /// The lists' entries of them: {avail, type, ...} and {mtu, ...}; null when they are not listed.
  [[nodiscard]] const Json& storage(std::string_view name) const;
  [[nodiscard]] const Json& bridge(std::string_view name) const;

 private:
  HostView() = default;

  std::string node_;
  std::string_view api_type_;
  const Json* permissions_ = nullptr;
  std::map<std::int64_t, const Json*> guests_;
  std::map<std::int64_t, const Json*> others_;
  /// Entries by name; nothing when the list could not be read.
  using Named = std::optional<std::map<std::string, const Json*, std::less<>>>;
  static Named named_in(const Replies& replies, const Query& query, std::string_view key);
  static const Json& entry(const Named& list, std::string_view name);
  static std::optional<bool> has(const Named& list, std::string_view name);

  Named storages_;
  Named bridges_;
};

}  // namespace aegis::proxmox
