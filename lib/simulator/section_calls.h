#pragma once

#include <span>
#include <string>
#include <string_view>

#include "simulator/section_config.h"
#include "simulator/world.h"

namespace aegis::simulator {

/// The call's parameters that describe the object itself: all but those in `apart`, and but
/// "delete" and "digest".
SectionValues object_values(const Call& call, std::initializer_list<std::string_view> apart);

/// Changes the object `id` of `file` by the call's values and its "delete" list, after comparing
/// its "digest"; `missing` is what is said when there is no such object. A refusal changes nothing.
Refusal change_object(const Call& call,
                      std::span<const SectionType> types,
                      const SectionValues& values,
                      std::string_view id,
                      std::string missing,
                      SectionFile& file);

/// The object as a GET shows it, with its type, its id at `id_key` and the file's digest.
Json object_json(const SectionFile& file,
                 std::string_view id,
                 std::string_view id_key,
                 std::span<const Field> fields);

/// The file called `name` of the world; an empty one when there is none yet.
SectionFile& file_of(World& world, std::string_view name);

}  // namespace aegis::simulator
