#pragma once

#include <string>

#include "simulator/form.h"

namespace aegis::simulator {

/// True for a POST of multipart/form-data to an upload path: the one place where Proxmox takes it.
bool is_upload(const Request& request);

/// Takes the form apart: fields become parameters, the file becomes `file` and its name the
/// parameter "filename". Fields behind the file are not seen. 400 when there is no file in it or
/// the form is broken.
Refusal read_upload(const Request& request, RawParameters& parameters, std::string& file);

}  // namespace aegis::simulator
