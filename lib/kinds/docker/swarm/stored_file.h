#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/vault.h"
#include "kinds/docker/swarm/swarm_view.h"

namespace aegis::docker {

// A config or secret of a stack, as a Swarm stores it. Its content is fixed, so that a new content
// needs a new object under a new name.

enum class StoredAs { config, secret };

/// "configs" or "secrets": the section of a Compose file, and the engine's path.
std::string_view section_of(StoredAs type);

/// What the object of the stack's `key` is called when no other has that name.
std::string stored_base(const Scope& scope, StoredAs type, const std::string& key);

/// The object of a stack's config or secret.
struct StoredFile {
  std::string name;                 ///< of the object that has the content, or will have it
  const Json* live = nullptr;       ///< that object, else the newest one with another content
  bool matches = false;             ///< `live` has the content
  bool recorded = true;             ///< of a secret: its label tells what its content is
  std::vector<const Json*> unused;  ///< the other ones, as far as no service uses them
};

/// What the stack's `key` is to be stored as. `base`: its name in the Swarm when no other object
/// has it; `content`: text or a seal. A secret that does not tell its content (`docker stack
/// deploy` made it) is taken to have the right one. `view` null: nothing is there.
StoredFile find_stored(StoredAs type,
                       const Stack& stack,
                       const SwarmView* view,
                       const std::string& key,
                       const std::string& base,
                       const Json& content,
                       const Vault& vault);

/// The objects of the stack, whatever their key.
std::vector<const Json*> stored_objects(StoredAs type, const Stack& stack, const SwarmView& view);

/// The stack's key of an object.
std::string stored_key(const Stack& stack, const Json& object);

/// What a secret's label says of its content.
std::string content_mark(const std::string& name, const std::string& content);

}  // namespace aegis::docker
