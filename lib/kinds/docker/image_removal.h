#pragma once

#include "kinds/kind.h"

namespace aegis::docker {

/// Removes the image with the id input.image and its tags, without force: what a container has by
/// now, or another image is built on, stays, and so does what has tags of several repositories,
/// because somebody gave it a name of his own. The output says {"kept": why} then.
Result<Json> remove_image(const Step& step, const Outputs& outputs, Effects& effects);

}  // namespace aegis::docker
