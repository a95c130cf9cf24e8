# Writes OUTPUT, a C++ source that defines `backup_library` (lib/manifest/backup_script.h): FILES, one after the other.
set(text "#include \"manifest/backup_script.h\"\n\nnamespace aegis {\n\n")
string(APPEND text "std::string backup_library() {\n  std::string text;\n")
foreach(file ${FILES})
  file(READ ${file} content)
  # Each is a literal of its own, because none may be longer than 64 KiB everywhere.
  string(APPEND text "  text += R\"script(${content})script\";\n")
endforeach()
string(APPEND text "  return text;\n}\n\n}  // namespace aegis\n")
file(WRITE ${OUTPUT} "${text}")
