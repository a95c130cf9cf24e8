# Writes OUTPUT, a C++ source that defines `schema_text` (lib/manifest/schemas.h) for FILES.
set(text "#include \"manifest/schemas.h\"\n\nnamespace aegis {\n\n")
string(APPEND text "std::string_view schema_text(std::string_view name) {\n")
foreach(file ${FILES})
  get_filename_component(name ${file} NAME)
  string(REPLACE ".schema.json" "" name ${name})
  file(READ ${file} content)
  # A string literal may not be longer than 64 KiB everywhere; the schemas are far below that.
  string(APPEND text "  if (name == \"${name}\") return R\"schema(${content})schema\";\n")
endforeach()
string(APPEND text "  return {};\n}\n\n}  // namespace aegis\n")
file(WRITE ${OUTPUT} "${text}")
