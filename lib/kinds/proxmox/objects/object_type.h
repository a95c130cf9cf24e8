#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/json.h"
#include "model/plan.h"

namespace aegis::proxmox {

/// How a value is written in the manifest, and how the API writes it.
enum class ValueForm {
  text,           ///< a text
  number,         ///< a number
  flag,           ///< true or false; the API: 1 or 0
  word_list,      ///< a set; the API: "a,b"
  text_list,      ///< a set; the API: the parameter once an element
  word_set,       ///< a set; the API: a list whose only element is "a,b"
  properties,     ///< a mapping; the API: "a=1,b=2", in answers sometimes an object
  encoded,        ///< a text; the API: base64 of it
  named_texts,    ///< a mapping; the API: "name=N,value=BASE64" once an entry
  secret,         ///< a secret that the API never tells again
  named_secrets,  ///< a mapping to secrets; as named_texts, of which the API tells the names
};

/// One attribute of an object.
struct Field {
  std::string_view name;  ///< in manifests and, where `key` is empty, in the API
  ValueForm form = ValueForm::text;
  std::string_view key = {};  ///< the API's name
  /// What its absence means, as the API writes it; such a value counts as absent.
  std::string_view fallback = {};
  std::string_view types = {};   ///< "nfs cifs": only those have it; empty: all types
  std::string_view needed = {};  ///< the types that cannot be without it; "*": all that have it
  bool fixed = false;            ///< cannot change on an existing object
  bool only_new = false;         ///< sent only when the object is made, and not compared
  bool always = false;           ///< the API wants it in every update, if there is one
  bool host_made = false;        ///< the host fills it in: compared only where the manifest says it
  bool stays = false;            ///< the API cannot delete it: its fallback is sent instead
  bool of_numbers = false;       ///< of a set: the manifest's elements are numbers
  std::string_view flags = {};   ///< of properties: those that are true or false in the manifest
  /// Of a secret: another attribute, whose presence shows that there is one.
  std::string_view shown_by = {};
  Disruption disruption = Disruption::none;  ///< of a change
  std::string_view note = {};                ///< why, for the plan and for `explain`
};

/// Something else that objects of a type name, and that has to be there before them.
struct Reference {
  std::string_view field;   ///< the attribute with the name; empty: the object's own name
  std::string_view kind;    ///< what a manifest declares it as: "endpoint"; "guest": either kind
  std::string_view list;    ///< where the host tells all of them: "/pools"
  std::string_view id_key;  ///< the name's key there
  std::string (*id)(std::string_view name) = nullptr;  ///< what of the name counts: 103 of "ct:103"
};

/// A type of object in one of Proxmox's own files (storage.cfg, jobs.cfg, ...), all handled alike:
/// a list to read, POST to make one, PUT to change some keys and delete others, DELETE.
struct ObjectType {
  std::string_view kind;     ///< "storage"
  std::string_view schema;   ///< its schema file, without ".schema.json"
  std::string_view section;  ///< below the server in a manifest: "jobs.backup"
  std::string_view noun;     ///< for people: "backup job"
  std::string_view list;     ///< "/storage"; "{type}" stands for the object's type
  std::string_view id_key;   ///< the name's key in answers and when one is made: "storage"
  std::span<const Field> fields;

  std::span<const Reference> references = {};

  std::string_view types = {};  ///< the values of the attribute `type`; empty: there is none
  bool sends_type = false;      ///< `type` is a parameter when one is made
  std::string_view constant_type = {};  ///< the one `type` that is sent, where all are of it
  bool made_at_item = false;         ///< POST goes to the item's path, and the name is no parameter
  std::string_view list_query = {};  ///< "?full=1": of the list where it is read
  bool found_in_list = false;     ///< a step reads the list, because the item's answer is another
  bool lists_all = true;          ///< false: the list tells only names; items are read one by one
  bool marked = false;            ///< `comment` carries the owner marker
  bool digest = true;             ///< updates take the digest of the file
  bool repeats_delete = false;    ///< `delete` is a parameter once a key, not "a,b"
  std::string_view removal = {};  ///< said of a removal: what it leaves alone

  /// Who has one of these privileges at `guarded_path(name)`, or above with propagation, sees the
  /// object in the list. Empty: who may not see them is refused the list.
  std::string_view privileges = {};
  std::string (*guarded_path)(std::string_view name) = nullptr;

  /// May be null. What is wrong with a spec as a whole, in a sentence; empty: nothing.
  std::string (*objection)(const Json& spec) = nullptr;
  /// May be null. Adds to a shape what the API adds by itself.
  void (*settle)(Json& shape) = nullptr;
  /// May be null. True for what Proxmox brought along, or we for ourselves: it is not imported.
  bool (*is_builtin)(const Json& item) = nullptr;
  /// May be null. True for an answer about an object that is on its way out.
  bool (*is_leaving)(const Json& item) = nullptr;
};

/// The API's name of `field`.
inline std::string_view key_of(const Field& field) {
  return field.key.empty() ? field.name : field.key;
}

/// The field called `name`, or null.
const Field* find_field(const ObjectType& type, std::string_view name);

/// True when `words` ("nfs cifs") has `word`.
bool has_word(std::string_view words, std::string_view word);

/// True when objects whose type is `object_type` have `field`.
bool belongs_to(const Field& field, std::string_view object_type);

/// True when an object whose type is `object_type` cannot be without `field`.
bool is_needed_by(const Field& field, std::string_view object_type);

/// True for what the API never tells again.
bool is_secret(const Field& field);

}  // namespace aegis::proxmox
