#!/usr/bin/env bash
# A sweep under Slurm that outlives its time limit: it stops before, and requeues itself.
#   sbatch cluster/slurm.sh [STUDY [OUTPUT [OPTION of quotesweep run...]]]
# from the folder that holds build/ and cluster/.

#SBATCH --job-name=quotesweep
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=2
#SBATCH --cpus-per-task=1
#SBATCH --time=01:00:00
#SBATCH --output=quotesweep-%j.log

# USR1 to this script a minute before the limit; the next run appends to the log.
#SBATCH --signal=B:USR1@60
#SBATCH --requeue
#SBATCH --open-mode=append

set -euo pipefail
program=${QUOTESWEEP:-build/quotesweep}
study=${1:-sweeps/quickstart.yaml}
output=${2:-results/quickstart.h5}

. cluster/requeue.sh
mkdir -p "$(dirname "$output")"
run_and_requeue "$program" launch -n "$SLURM_NTASKS" "$study" -o "$output" \
  --threads "${SLURM_CPUS_PER_TASK:-1}" "${@:3}"
