#pragma once

#include <map>
#include <span>
#include <vector>

#include "kinds/kind.h"

namespace aegis {

/// The outputs of the steps that are done. A step is shown those that it can rely on: of the steps
/// that it comes after, and of its own resource. (All others may be there or not, as chance will
/// have it; and copying them for every step would cost the square of their number.)
class OutputBook {
 public:
  /// `steps` must outlive this object.
  explicit OutputBook(std::span<const Step> steps);

  /// Keeps the output of the step at `index`.
  void add(std::size_t index, Json output);

  /// A copy of what the step at `index` may see, its own output among it once there is one.
  [[nodiscard]] Outputs seen_by(std::size_t index) const;

 private:
  std::span<const Step> steps_;
  std::map<Address, std::vector<StepId>> steps_of_;
  Outputs outputs_;
};

}  // namespace aegis
