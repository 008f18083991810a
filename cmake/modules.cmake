# Flags of every target of ours. No contraction and no fast-math: results must be the same bits on
# every machine. Trap and errno semantics, which nothing here uses, would keep loops from vectorising.
add_library(quotesweep_flags INTERFACE)
target_include_directories(quotesweep_flags INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_options(quotesweep_flags INTERFACE
  -Wall -Wextra -Wconversion -Wshadow
  -Wno-missing-field-initializers  # the point of designated initialisers
  -Wno-stringop-overflow -Wno-restrict  # false alarms of GCC 12 inside fmt and std::string
  -ffp-contract=off -fno-trapping-math -fno-math-errno -fopenmp-simd)

function(quotesweep_finish_flags)
  if(QUOTESWEEP_MARCH)
    target_compile_options(quotesweep_flags INTERFACE -march=${QUOTESWEEP_MARCH})
  endif()
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(quotesweep_flags INTERFACE -mprefer-vector-width=512)
  endif()
  if(QUOTESWEEP_WERROR)
    target_compile_options(quotesweep_flags INTERFACE -Werror)
  endif()
endfunction()

# Compiles a target that computes nothing, or only tests, in a third less time.
function(quotesweep_compile_fast target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1> $<$<CONFIG:Asan>:-O0>)
endfunction()

# quotesweep_module(name [FAST] SOURCES ... DEPENDS ... PRIVATE_DEPENDS ...): a library of src/<name>. What
# it may include is what it depends on; ARCHITECTURE.md has the picture. FAST: quotesweep_compile_fast.
function(quotesweep_module name)
  cmake_parse_arguments(arg "FAST" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  list(TRANSFORM arg_SOURCES PREPEND ${name}/)
  list(TRANSFORM arg_DEPENDS REPLACE "^qs:" "quotesweep_")
  add_library(quotesweep_${name} STATIC ${arg_SOURCES})
  target_link_libraries(quotesweep_${name}
    PUBLIC quotesweep_flags ${arg_DEPENDS} PRIVATE ${arg_PRIVATE_DEPENDS})
  if(arg_FAST)
    quotesweep_compile_fast(quotesweep_${name})
  endif()
endfunction()
