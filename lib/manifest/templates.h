#pragma once

#include "manifest/section_reader.h"

namespace aegis {

/// Of templates that are uploaded: turns `file` into the path that it means, and reports one that
/// is not there, and one that has a `url` besides.
void read_template_files(Reading& reading);

}  // namespace aegis
