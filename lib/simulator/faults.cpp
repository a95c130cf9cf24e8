#include "simulator/faults.h"

#include "simulator/form.h"

namespace aegis::simulator {

void Faults::set(FaultPlan plan) {
  plan_ = std::move(plan);
  requests_ = 0;
  paths_.clear();
  for (const Fault& fault : plan_.faults) paths_.emplace_back(fault.path);
}

std::vector<Fault> Faults::strike(const Request& request) {
  ++requests_;
  const std::string path = path_of(request);
  std::vector<Fault> striking;
  for (std::size_t i = 0; i < plan_.faults.size(); ++i) {
    Fault& fault = plan_.faults[i];
    const bool meets = (fault.number == 0 || fault.number == requests_) &&
                       (fault.method.empty() || fault.method == request.method) &&
                       std::regex_search(path, paths_[i]);
    if (!meets || fault.times == 0) continue;
    if (fault.times > 0) --fault.times;
    striking.push_back(fault);
  }
  return striking;
}

}  // namespace aegis::simulator
