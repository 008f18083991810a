#!/usr/bin/env bash
# A sweep in shards, one task of a job array each, and a job that merges them. Run it, not sbatch it:
#   cluster/slurm_array.sh [STUDY [OUTPUT [OPTION of quotesweep run...]]]
# from the folder that holds build/ and cluster/. Every task outlives its time limit by requeueing.

#SBATCH --job-name=quotesweep
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --time=01:00:00
#SBATCH --output=quotesweep-%A_%a.log

# USR1 to this script a minute before the limit; the next run appends to the log.
#SBATCH --signal=B:USR1@60
#SBATCH --requeue
#SBATCH --open-mode=append

set -euo pipefail
program=${QUOTESWEEP:-build/quotesweep}
study=${1:-sweeps/quickstart.yaml}
merged=${2:-results/quickstart.h5}
shards=4

shard() { echo "${merged%.h5}.shard$1.h5"; }

submit() {
  local array files=() number
  for ((number = 0; number < shards; ++number)); do files+=("$(shard $number)"); done
  array=$(sbatch --parsable --array="0-$((shards - 1))" "$0" "$@")
  echo "job $array: $shards shards"
  sbatch --job-name=quotesweep-merge --output=quotesweep-%j.log --dependency="afterany:$array" \
    --wrap "$(printf '%q ' "$program" merge --fresh -o "$merged" "${files[@]}")"
}

run_shard() {
  . cluster/requeue.sh
  output=$(shard "$SLURM_ARRAY_TASK_ID")
  mkdir -p "$(dirname "$output")"
  run_and_requeue "$program" run "$study" -o "$output" --shard "$SLURM_ARRAY_TASK_ID/$shards" \
    --threads "${SLURM_CPUS_PER_TASK:-1}" "${@:3}"
}

if [ -n "${SLURM_ARRAY_TASK_ID-}" ]; then run_shard "$@"; else submit "$@"; fi
