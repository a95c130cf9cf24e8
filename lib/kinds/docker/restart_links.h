#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "model/desired.h"

namespace aegis::docker {

/// Which services are started anew because of another one. By Compose's depends_on.restart after a
/// dependency was replaced: its container was made after the dependent one started. And who shares
/// another one's network after that was started again: the network that it is in is gone.
class RestartLinks {
 public:
  /// `services` must outlive this.
  explicit RestartLinks(std::span<const Resource* const> services);

  /// The inspect of a service's container; null when it has none.
  using InspectOf = std::function<const Json*(const Resource& service)>;

  /// The dependencies of `service`, running as `inspect`, that were replaced since it started:
  /// [{service, container: id}].
  [[nodiscard]] Json replaced_dependencies(const Resource& service,
                                           const Json& inspect,
                                           const InspectOf& find) const;

  /// The service whose network `service`, running as `inspect`, shares and that was started since;
  /// empty when there is none.
  [[nodiscard]] std::string restarted_owner(const Resource& service,
                                            const Json& inspect,
                                            const InspectOf& find) const;

  /// The services that ask to be restarted when `service` is replaced: [{service, container: id,
  /// pre_stop, post_start: its hooks}], of those that have a container.
  [[nodiscard]] Json restarted_dependents(const std::string& service, const InspectOf& find) const;

 private:
  std::map<std::string, const Resource*> by_name_;  ///< those that something is linked to
  std::map<std::string, std::vector<const Resource*>> dependents_;
};

}  // namespace aegis::docker
