#pragma once

#include <chrono>
#include <string>

#include "kinds/docker/replica.h"
#include "kinds/docker/stack.h"
#include "kinds/docker/steps.h"
#include "kinds/kind.h"

namespace aegis::docker {

/// What a service's lowering is made of, taken apart once; its steps gather in `steps`.
struct ServiceParts {
  explicit ServiceParts(const Lowering& lowering);

  const Lowering& lowering;
  Stack stack;
  Json context;
  std::string final_name;
  std::string id;    ///< of the present container; empty when there is none
  std::string name;  ///< its present name
  bool running = false;
  StepList steps;

  [[nodiscard]] const std::string& service() const { return lowering.change.address.name; }

  [[nodiscard]] Replica replica() const;

  /// The group of the steps of a replacement.
  [[nodiscard]] std::string group() const {
    return "replace " + to_string(lowering.change.address);
  }
};

/// How long stopping the present container may take, its own grace included.
std::chrono::milliseconds stop_timeout(const Json& context);

// Each adds steps to `parts`.

/// Fetches or builds the image when it has to be, and then looks whether it opens the data that is
/// there; and fetches the images that are mounted.
void add_image(ServiceParts& parts);

Step& add_create(ServiceParts& parts, const std::string& name);

/// Puts configs and secrets into `container`, if there are any: before its start, because a program
/// may look only then.
void add_files(ServiceParts& parts, const std::string& container);

void add_dependency_waits(ServiceParts& parts);
Step& add_start(ServiceParts& parts, const std::string& container);

/// The service's own commands after its start and before its end, in `container`; null when it has
/// none.
Step* add_post_start(ServiceParts& parts, const std::string& container);
Step* add_pre_stop(ServiceParts& parts, const std::string& container);

Step& add_wait(ServiceParts& parts, const std::string& container);
void add_removal(ServiceParts& parts, const std::string& id, const std::string& name);

/// Removes what an interrupted run left behind.
void add_leftovers(ServiceParts& parts);

}  // namespace aegis::docker
