# shellcheck shell=bash disable=SC2034
# The Debian 12 packages that quotesweep needs, one list per purpose. Only names here, so that
# whatever prepares a machine or an image can source this file too.

quickstart_packages=(
  g++ cmake ninja-build                     # compile; Ninja is what CMakePresets.json asks for
  libopenmpi-dev openmpi-bin                # ranks, and mpirun to start them
  libhdf5-dev                               # the results file
  libyaml-cpp-dev libcli11-dev libfmt-dev   # studies, the command line, messages
  nlohmann-json3-dev libssl-dev             # the JSON Schema of a study, SHA-256 of the results
  python3 python3-venv                      # the analysis scripts, in an environment of their own
  python3-numpy python3-matplotlib          # what they compute and draw with
  python3-scipy                             # intervals of quotesweep-calibrate, overfitting.py
  python3-xarray python3-h5py               # labelled arrays, and HDF5 as it is
  python3-pandas                            # quotesweep-import and quotesweep-calibrate; xarray needs it, too
  python3-h5netcdf python3-netcdf4          # the two ways in which xarray opens a results file
)

check_packages=(
  "${quickstart_packages[@]}"
  clang-format                              # the format of src and tests
  catch2 librandom123-dev                   # unit tests; the Philox that ours is held to
  python3-pytest                            # tests of the analysis and of whole programs
  python3-jsonschema python3-yaml           # studies against the JSON Schema, read independently
  iproute2                                  # hosts in network namespaces
)

check_all_packages=(
  "${check_packages[@]}"
  slurm-wlm munge                           # the batch scripts under a real Slurm
  shellcheck                                # the scripts as such
)

# The newest releases of what Python code here is written for, for .venv-newest: users of other systems
# have these, and they differ from Debian's (pandas 3 keeps times in microseconds). MODULE=REQUIREMENT.
newest_python_packages=(
  numpy=numpy pandas=pandas scipy=scipy xarray=xarray h5py=h5py h5netcdf=h5netcdf netCDF4=netCDF4
  matplotlib=matplotlib pyarrow=pyarrow pytest=pytest yaml=pyyaml
)

# What Debian does not package, for .venv: MODULE=REQUIREMENT of the package index.
check_python_packages=(
  'pyarrow=pyarrow<26'                      # Parquet for quotesweep-import; 26 and later need NumPy 2
  'backtesting=backtesting'                 # replays of tapes are compared with this other program
)
