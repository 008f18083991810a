# Finds a package, or stops with the name that the distribution gives it.
macro(quotesweep_need package debian_package)
  find_package(${package} ${ARGN} QUIET)
  if(NOT ${package}_FOUND)
    message(FATAL_ERROR
      "quotesweep needs ${package}, which was not found.\n"
      "On Debian or Ubuntu: apt-get install ${debian_package}\n"
      "Elsewhere install it and name its folder with -D CMAKE_PREFIX_PATH=... (./quickstart installs everything on Debian 12.)")
  endif()
endmacro()

quotesweep_need(MPI libopenmpi-dev COMPONENTS CXX)
quotesweep_need(OpenMP g++ COMPONENTS CXX)
quotesweep_need(HDF5 libhdf5-dev COMPONENTS C HL)
quotesweep_need(yaml-cpp libyaml-cpp-dev)
quotesweep_need(fmt libfmt-dev)
quotesweep_need(CLI11 libcli11-dev)
quotesweep_need(nlohmann_json nlohmann-json3-dev)
quotesweep_need(OpenSSL libssl-dev COMPONENTS Crypto)
find_package(Threads REQUIRED)
