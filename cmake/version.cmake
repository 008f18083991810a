# Writes OUTPUT from app/version.cpp.in, with the commit of SOURCE_DIR; leaves it where unchanged.
find_program(GIT git)
set(GIT_COMMIT unknown)
if(GIT)
  execute_process(COMMAND ${GIT} -C ${SOURCE_DIR} describe --always --dirty --abbrev=12 --exclude=*
    OUTPUT_VARIABLE found RESULT_VARIABLE failed OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT failed)
    set(GIT_COMMIT ${found})
  endif()
endif()
configure_file(${SOURCE_DIR}/src/app/version.cpp.in ${OUTPUT} @ONLY)
