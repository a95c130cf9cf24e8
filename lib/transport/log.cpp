#include "transport/log.h"

namespace aegis::transport {

void Log::write(std::string_view line) const {
  if (!sink_) return;
  const std::lock_guard lock(mutex_);
  sink_(line);
}

std::string_view without_query(std::string_view path) {
  return path.substr(0, path.find('?'));
}

}  // namespace aegis::transport
