#!/usr/bin/env bash
# Like slurm.sh, with the ranks started by srun: for sites where mpirun is missing or not welcome.
# A lost rank ends the run here, and the job requeues itself; mpirun would go on without it.
#   sbatch cluster/slurm_srun.sh [STUDY [OUTPUT [OPTION of quotesweep run...]]]
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
run_and_requeue srun --mpi=pmix --cpus-per-task="${SLURM_CPUS_PER_TASK:-1}" \
  "$program" run "$study" -o "$output" --threads "${SLURM_CPUS_PER_TASK:-1}" "${@:3}"
