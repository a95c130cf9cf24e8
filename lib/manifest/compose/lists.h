#pragma once

#include <optional>

#include "base/diagnostic.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

/// A list of texts, each once; the same text again is left out.
std::optional<Node> read_texts(const Node& value, Diagnostics& diagnostics);

/// A list of texts, or one text that stands for a list of one.
std::optional<Node> read_text_or_texts(const Node& value, Diagnostics& diagnostics);

/// As read_texts, but items may be bare numbers (group ids).
std::optional<Node> read_names_or_numbers(const Node& value, Diagnostics& diagnostics);

/// A command: text is cut into words as a shell does, a list is taken as it is. Empty text and an
/// empty list are an explicitly empty command.
std::optional<Node> read_command(const Node& value, Diagnostics& diagnostics);

/// Labels, sysctls: a mapping, or a list of "name=value" and "name", to a mapping of texts. A name
/// without a value gets the empty text.
std::optional<Node> read_labels(const Node& value, Diagnostics& diagnostics);

/// As read_labels, but a name without a value is null: it takes the value of that variable, or
/// unsets it in the image.
std::optional<Node> read_environment(const Node& value, Diagnostics& diagnostics);

/// Options of a driver: a mapping of scalars to a mapping of texts; names without a value are left
/// out.
std::optional<Node> read_options(const Node& value, Diagnostics& diagnostics);

}  // namespace aegis::compose
