#include "engine/output_book.h"

#include <utility>

namespace aegis {

OutputBook::OutputBook(std::span<const Step> steps) : steps_(steps) {
  for (const Step& step : steps) steps_of_[step.address].push_back(step.id);
}

void OutputBook::add(std::size_t index, Json output) {
  outputs_.insert_or_assign(steps_[index].id, std::move(output));
}

Outputs OutputBook::seen_by(std::size_t index) const {
  const Step& step = steps_[index];
  Outputs seen;
  const auto show = [&](StepId id) {
    const auto output = outputs_.find(id);
    if (output != outputs_.end()) seen.insert(*output);
  };
  for (const StepId id : step.after) show(id);
  for (const StepId id : steps_of_.at(step.address)) show(id);
  return seen;
}

}  // namespace aegis
