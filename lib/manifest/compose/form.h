#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/diagnostic.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

/// Brings one value of a Compose file to its canonical long form. Pure. Nothing when the value is
/// wrong, which is then in `diagnostics`; or when it says nothing.
using Form = std::optional<Node> (*)(const Node& value, Diagnostics& diagnostics);

/// What becomes of a key.
enum class Support {
  yes,
  refused,    ///< Docker cannot do it here: an error
  no_effect,  ///< has no meaning on one Docker engine: a note
};

/// A key of a mapping whose keys are fixed.
struct Field {
  std::string_view key;
  Form form = nullptr;  ///< null unless it is supported
  Support support = Support::yes;
  std::string_view reason = {};  ///< why it is refused: "is for Windows containers"
};

/// `value` with every member in canonical form. `x-` keys and members without a value are left out;
/// keys that are not in `fields` are errors with the likely spelling. A member that could not be
/// read is null: it is there, but says nothing.
std::optional<Node> read_object(const Node& value,
                                std::span<const Field> fields,
                                Diagnostics& diagnostics);

/// A mapping of freely named things, each in canonical form; `x-` keys are things too. A thing
/// without a value goes to `form` as null.
std::optional<Node> read_named(const Node& value, Form form, Diagnostics& diagnostics);

/// A list, each item in canonical form. `expected` is for the message when it is no list.
std::optional<Node> read_list(const Node& value,
                              Form form,
                              std::string_view expected,
                              Diagnostics& diagnostics);

/// `form` applied to `value`, tags honoured: `!reset` stays as a mark for the merge, whatever the
/// value; `!override` is kept on the result.
std::optional<Node> read_tagged(const Node& value, Form form, Diagnostics& diagnostics);

/// True when `node` is the mark that !reset leaves.
bool is_reset(const Node& node);

}  // namespace aegis::compose
