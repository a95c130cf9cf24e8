#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/vault.h"
#include "kinds/docker/stack_view.h"
#include "kinds/kind.h"

namespace aegis::docker {

// Compose's configs and secrets: files that are put into a container after it was made and before
// it starts. They are read back from the container, so that what is compared is what is really
// there.

/// The attributes `configs` and `secrets`: {target: {content, mode "0444", uid, gid}}. Contents of
/// secrets are seals; long and binary ones of configs stand as their digest.
void wanted_files(Json& attributes, const Json& spec);

/// What to read of `container` for a service with `spec`: each of its files.
std::vector<Query> file_queries(const Stack& stack,
                                ApiVersion api,
                                const std::string& container,
                                const Json& spec);

/// The files that those queries found, {target: {content, mode, uid, gid}}. Holds secrets: for
/// live_files only.
Json found_files(const Stack& stack,
                 ApiVersion api,
                 const std::string& container,
                 const Json& spec,
                 const Replies& replies);

/// The live side of wanted_files. `declared_label` names the files that were put in when the
/// container was made: those that nobody asks for any more are shown as present. `sealed_label`
/// names those that held a secret.
void live_files(Json& attributes,
                const Json& found,
                const Json& wanted,
                std::string_view declared_label,
                std::string_view sealed_label,
                Vault& vault);

/// For a container that somebody else made: corrects the live `attributes` where a file of the host
/// is mounted read-only in the place of a file that is wanted. So does `docker compose`, which
/// cannot give it an owner and permissions; the content is compared all the same.
void accept_mounted_files(Json& attributes, const Json& wanted);

/// The folders that get an anonymous volume, because files cannot be put anywhere else: those of
/// files in a container with a read-only root, and below memory file systems.
std::vector<std::string> file_folders(const Json& spec);

/// input.files of the step "place": [{target, content, mode, uid, gid, folder}].
Json files_to_place(const Json& spec);

/// Puts input.files into the container input.container. Putting them again changes nothing.
Result<Json> place_files(const Step& step, const EngineClient& client);

}  // namespace aegis::docker
