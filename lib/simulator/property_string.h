#pragma once

#include <map>
#include <string>
#include <string_view>

#include "simulator/schema.h"

namespace aegis::simulator {

/// "name=eth0,bridge=vmbr0" taken apart.
struct PropertyString {
  Parameters values;
  std::string problem;  ///< not of the form key=value,...; then `values` is incomplete
  FieldErrors errors;   ///< by member: unknown, missing, wrong
};

/// Parses `text` by the members and the default key of `field`.
PropertyString parse_property_string(const Field& field, std::string_view text);

/// Prints `values`: first the value of `default_key` without its key, then `first`, then the rest
/// in alphabetical order. Empty names are skipped.
std::string print_property_string(const Parameters& values,
                                  std::string_view default_key,
                                  std::string_view first);

}  // namespace aegis::simulator
