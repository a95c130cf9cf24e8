#pragma once

#include <map>
#include <memory>
#include <string>

#include "kinds/kind.h"
#include "laws/laws.h"

namespace aegis::laws {

/// A world of boxes: "POST /boxes" makes an unnamed one and answers its number, "POST /boxes/N"
/// names it and gives it a size, "PUT /named/NAME" makes or changes one by its name at once,
/// "GET /boxes" lists them.
std::unique_ptr<LawWorld> make_box_world();

/// Boxes by name, with their sizes.
Wanted wanted_boxes(std::map<std::string, int> sizes);

/// A kind that keeps the laws.
const Kind& good_box();
/// One whose live shape is never what is wanted.
const Kind& restless_box();
/// One that makes boxes in two steps and does not find the half that a broken run left.
const Kind& littering_box();
/// One whose step fails when what it makes is there already, half made.
const Kind& stubborn_box();

}  // namespace aegis::laws
