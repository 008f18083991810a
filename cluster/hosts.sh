#!/usr/bin/env bash
# A sweep on several machines without a batch system:
#   cluster/hosts.sh [STUDY [OUTPUT [OPTION of quotesweep run...]]]
# from the folder that holds build/ and cluster/. The first host is the one where you run this: only
# it reads the study and writes the results. The others need the program at the same place and let
# you in by ssh without a password. When it ends with status 3, run it again: it goes on; leave out
# the hosts that are gone.

set -euo pipefail
program=$(realpath "${QUOTESWEEP:-build/quotesweep}")
study=${1:-sweeps/quickstart.yaml}
output=${2:-results/quickstart.h5}
read -ra hosts <<< "${HOSTS:-localhost}"
ranks_per_host=${RANKS_PER_HOST:-2}
threads_per_rank=${THREADS_PER_RANK:-1}

mkdir -p "$(dirname "$output")"
printf "%s slots=$ranks_per_host\n" "${hosts[@]}" > "$output.hosts"
exec "$program" launch -n $((${#hosts[@]} * ranks_per_host)) --hostfile "$output.hosts" \
  "$study" -o "$output" --threads "$threads_per_rank" "${@:3}"
