#pragma once

#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/answer.h"
#include "simulator/form.h"
#include "simulator/formats.h"

namespace aegis::simulator {

enum class FieldType {
  string,
  integer,
  number,
  boolean,  ///< 0 or 1; inside a property string also on/off, yes/no, true/false
  list,     ///< items cut at commas, semicolons and blanks; an array is joined
  array,    ///< every value is an item of its own; kept with line ends between them
};

/// One parameter, or one member of a property string.
struct Field {
  std::string_view name;
  FieldType type = FieldType::string;
  bool required = false;
  double minimum = std::numeric_limits<double>::lowest();
  double maximum = std::numeric_limits<double>::max();
  std::size_t min_length = 0;
  std::size_t max_length = std::numeric_limits<std::size_t>::max();
  std::vector<std::string_view> choices = {};  ///< the only values allowed; empty: any
  std::string_view pattern = {};               ///< an ECMAScript regex for the whole value
  FormatCheck format = nullptr;                ///< of a list: of each of its items
  std::span<const Field> members = {};         ///< the value is a property string of these
  std::string_view default_key = {};           ///< of a property string: what a bare value means
  int count = 0;                ///< > 0: `name` is followed by a number from 0 to count - 1
  std::string_view needs = {};  ///< another parameter that must be given too
};

/// Verified parameters: scalars as text, integers and booleans in canonical form.
using Parameters = std::map<std::string, std::string, std::less<>>;

/// The field for a parameter called `name` ("net3" -> net[n]), or null.
const Field* find_field(std::span<const Field> fields, std::string_view name);

/// What is wrong with one value, as Proxmox says it; empty when nothing is. `name` stands in front
/// of nested complaints ("net0.ip: ..."). Integers and booleans are made canonical in place.
std::string check_value(const Field& field, std::string_view name, std::string& text);

/// Checks everything that was sent: unknown and missing parameters, types, ranges, formats.
/// Returns the complaints by parameter; without any, `verified` holds all parameters.
FieldErrors verify(std::span<const Field> fields, const RawParameters& raw, Parameters& verified);

}  // namespace aegis::simulator
