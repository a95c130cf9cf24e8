#include "engine/samples.h"

#include <charconv>

#include "base/text.h"

namespace aegis {

Samples read_samples(std::string_view text) {
  Samples samples;
  for (const std::string& line : split(text, '\n')) {
    const std::size_t blank = line.rfind(' ');
    if (line.starts_with('#') || blank == std::string::npos) continue;
    double value = 0;
    const char* end = line.data() + line.size();
    if (std::from_chars(line.data() + blank + 1, end, value).ptr != end) continue;
    samples[line.substr(0, blank)] = value;
  }
  return samples;
}

}  // namespace aegis
