#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

/// HDF5 1.10 cannot free a file that it failed to write, so the tests of a full disk leak there.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libhdf5";
}
