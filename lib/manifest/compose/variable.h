#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "manifest/load.h"

namespace aegis::compose {

/// Whether a variable's value is a secret. `likely` values are kept secret wherever that costs
/// nothing; a `certain` one is refused wherever it would be shown.
enum class Secrecy { none, likely, certain };

/// What the name of a variable tells: certain when its last word is one for passwords and tokens
/// ("DB_PASSWORD"), likely when it contains PASS, PWD, SECRET, TOKEN, KEY, CREDENTIAL, PRIVATE or
/// AUTH, in any case. PWD and OLDPWD, the shell's folders, are none.
Secrecy secrecy_of_name(std::string_view name);

/// True when the name tells of a likely or a certain secret.
bool is_secret_name(std::string_view name);

/// A variable that Compose files may refer to.
struct Variable {
  std::string value;
  Secrecy secrecy = Secrecy::none;
};

/// The variable of a name, or nothing when it is not set.
using Variables = std::function<std::optional<Variable>(const std::string&)>;

/// The variables of an environment, each as secret as its name says; and the other way round.
Variables as_variables(const Environment& environment);
Environment values_of(const Variables& variables);

}  // namespace aegis::compose
