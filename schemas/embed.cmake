# Writes OUTPUT, a C++ source that defines `FUNCTION`, declared in HEADER: the texts of FILES by their names without ENDING.
set(text "#include \"${HEADER}\"\n\nnamespace aegis {\n\n")
string(APPEND text "std::string_view ${FUNCTION}(std::string_view name) {\n")
foreach(file ${FILES})
  get_filename_component(name ${file} NAME)
  string(REPLACE "${ENDING}" "" name ${name})
  file(READ ${file} content)
  # A string literal may not be longer than 64 KiB everywhere; the files are far below that.
  string(APPEND text "  if (name == \"${name}\") return R\"embedded(${content})embedded\";\n")
endforeach()
string(APPEND text "  return {};\n}\n\n}  // namespace aegis\n")
file(WRITE ${OUTPUT} "${text}")
