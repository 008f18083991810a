# shellcheck shell=bash
# What quickstart and check share: a predictable environment, packages, stages, CMake, Python.
# Sourced at the top of the repository by a script that has set -euo pipefail.

say() { printf '%s\n' "$@"; }
stop() {
  say "$@" >&2
  exit 1
}
have() { command -v "$1" > /dev/null; }

# ---- environment

prepare_environment() {
  # A private python3, cmake or mpicxx that comes first on PATH does not see Debian's packages. And
  # after a plain `su` the folders that dpkg needs are missing from PATH.
  if have dpkg-query; then export PATH=/usr/sbin:/usr/bin:/sbin:/bin; fi
  unset PYTHONPATH PYTHONHOME
  export LC_ALL=C.UTF-8
  export HOME="${HOME:-$PWD/build}"  # Open MPI's PMIx crashes when neither HOME nor passwd has one
  if ! { mkdir -p build/logs && [ -w build/logs ]; } 2> /dev/null; then
    stop "cannot write to $PWD/build/logs. After a run as another user, remove build and .venv first."
  fi
}

# For everything that runs ranks on this machine alone: shared memory and sockets suffice, and looking
# for other networks takes time and prints warnings in containers. So does copying straight out of
# another process's memory, which containers forbid.
prepare_open_mpi() {
  export OMPI_MCA_pml="${OMPI_MCA_pml:-ob1}" OMPI_MCA_btl="${OMPI_MCA_btl:-self,vader,tcp}"
  export OMPI_MCA_btl_vader_single_copy_mechanism="${OMPI_MCA_btl_vader_single_copy_mechanism:-none}"
  export HWLOC_HIDE_ERRORS=2  # what a virtual machine or container says of its cores may be odd
  # Each rank looks up "localhost", for 5 s and more where /etc/hosts lacks it, as in a bare root.
  export RES_OPTIONS="${RES_OPTIONS:-timeout:1 attempts:1}"
  if [ "$(id -u)" = 0 ]; then  # mpirun asks twice before it runs as root, as in a container
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
  fi
}

# ---- stages

# stage LOG LABEL COMMAND...: one line with the time taken; what the command prints goes to
# build/logs/LOG.log and is shown only when it fails. Returns the command's status.
stage() {
  local log="build/logs/$1.log" label=$2 begun=$SECONDS status=0
  shift 2
  printf '%-56s' "$label ..."
  "$@" > "$log" 2>&1 < /dev/null || status=$?
  if [ "$status" = 0 ]; then
    printf '%4d s\n' $((SECONDS - begun))
  else
    printf 'failed after %d s; %s:\n' $((SECONDS - begun)) "$log"
    cat "$log"
  fi
  return "$status"
}

# ---- packages

# need_packages PACKAGE...: installs those that are missing; needs neither root nor a network when
# none is.
need_packages() {
  if ! have apt-get; then
    need_tools "$@"
    return
  fi
  local missing
  read -ra missing <<< "$(missing_packages "$@")"
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ] && ! have sudo; then
    stop "These packages are missing, and there is no sudo here to install them. As root:" \
      "  apt-get update && apt-get install --no-install-recommends ${missing[*]}"
  fi
  stage packages "install ${#missing[@]} packages with apt-get" install_packages "${missing[@]}"
}

missing_packages() {
  comm -23 <(printf '%s\n' "$@" | sort -u) \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2> /dev/null |
      sed -n 's/^installed //p' | sort -u) | tr '\n' ' '
}

# An update may fail over a package source that has nothing to do with us: the installation decides.
install_packages() {
  apt_get update || say "going on with the package lists that are here"
  apt_get install --no-install-recommends "$@"
}

# A fresh machine often runs an update of its own at first: wait for it.
apt_get() {
  local as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

# Without apt-get the packages have other names: go on when the tools are there.
need_tools() {
  local tool missing=()
  for tool in cmake ninja c++ mpirun /usr/bin/python3; do have "$tool" || missing+=("$tool"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  stop "Not found: ${missing[*]}. There is no apt-get here; install what Debian calls" "  $*"
}

# ---- CMake

# configure PRESET FOLDER [NAME=VALUE...]: only where something changed that Ninja, which follows the
# CMake files, does not see: no build yet or one of another checkout, the presets, other values.
configure() {
  local preset=$1 folder=$2 fresh=()
  shift 2
  if ! is_configured "$folder"; then
    fresh=(--fresh)
  elif [ "$folder/build.ninja" -nt CMakePresets.json ] && has_settings "$folder" "$@"; then
    return 0
  fi
  stage "configure-$folder" "configure $folder" \
    cmake --preset "$preset" "${fresh[@]}" "${@/#/-D}"
}

is_configured() {
  [ -f "$1/build.ninja" ] &&
    [ "$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$1/CMakeCache.txt")" -ef . ]
}

has_settings() {
  local folder=$1 setting
  shift
  for setting in "$@"; do
    grep -qx "${setting%%=*}:[A-Z]*=${setting#*=}" "$folder/CMakeCache.txt" || return 1
  done
}

# ---- Python

# need_python MODULE...: .venv over the distribution's Python and its packages, so that no package
# index is needed; made once.
need_python() {
  python_finds "$@" && return 0
  if [ -e .venv ] && ! grep -qx 'home = /usr/bin' .venv/pyvenv.cfg 2> /dev/null; then
    stop ".venv was not made here and lacks one of: $*. Add it there, or remove .venv."
  fi
  stage python "make the Python environment .venv" \
    /usr/bin/python3 -m venv --system-site-packages --clear .venv
  python_finds "$@" || stop "/usr/bin/python3 lacks one of: $*. Add it to .venv with .venv/bin/pip."
}

python_finds() {
  .venv/bin/python -c 'import importlib.util, sys
sys.exit(None in map(importlib.util.find_spec, sys.argv[1:]))' "$@" 2> /dev/null
}

# need_pip MODULE=REQUIREMENT...: installs into .venv what Debian does not package; needs no network
# when nothing is missing. Only tests need these, so that a failure is told and they are skipped.
need_pip() {
  local item missing=()
  for item in "$@"; do
    python_finds "${item%%=*}" || missing+=("${item#*=}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  stage pip "install ${missing[*]} from the package index" install_from_index "${missing[@]}" ||
    say "going on without ${missing[*]}: the tests that need them are skipped"
}

# need_newest MODULE=REQUIREMENT...: .venv-newest with the newest releases of the package index, on its
# own. Returns whether it is there; made once, and told where it cannot be made.
need_newest() {
  finds_newest "${@%%=*}" && return 0
  stage newest "make .venv-newest from the package index" install_newest "${@#*=}" ||
    say "going on without the newest Python packages: tests with them are left out"
  finds_newest "${@%%=*}"
}

finds_newest() {
  .venv-newest/bin/python -c 'import importlib.util, sys
sys.exit(None in map(importlib.util.find_spec, sys.argv[1:]))' "$@" 2> /dev/null
}

install_newest() {
  /usr/bin/python3 -m venv --clear .venv-newest &&
    PIP_ROOT_USER_ACTION=ignore .venv-newest/bin/python -m pip install --disable-pip-version-check \
      --no-input --retries 1 --timeout 20 --only-binary :all: "$@"
}

# What is there keeps its version: the distribution's compiled packages were built for its NumPy.
install_from_index() {
  local versions=build/logs/versions.txt
  .venv/bin/python -m pip freeze --exclude-editable > "$versions"
  PIP_ROOT_USER_ACTION=ignore .venv/bin/python -m pip install --disable-pip-version-check --no-input \
    --constraint "$versions" "$@" && return
  say "" "Cannot install $* from the package index. Check the network, or name a mirror in" \
    "PIP_INDEX_URL or a folder of wheels in PIP_FIND_LINKS, and run this again."
  return 1
}
