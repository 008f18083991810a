#!/usr/bin/env bash
# A sweep under PBS that outlives its walltime: it stops before, and submits itself again.
#   qsub cluster/pbs.sh          or   qsub -v study=my.yaml,output=results/my.h5 cluster/pbs.sh
# from the folder that holds build/ and cluster/.

#PBS -N quotesweep
#PBS -l select=1:ncpus=2:mpiprocs=2
#PBS -l walltime=01:00:00
#PBS -j oe

set -euo pipefail
cd "${PBS_O_WORKDIR:-.}"
program=${QUOTESWEEP:-build/quotesweep}
study=${study:-sweeps/quickstart.yaml}
output=${output:-results/quickstart.h5}
max_time=${max_time:-55m}  # the walltime, less what starting and the last writing take

progress() { "$program" digest "$output" 2> /dev/null || true; }

mkdir -p "$(dirname "$output")"
before=$(progress)
status=0
"$program" launch -n "$(wc -l < "$PBS_NODEFILE")" "$study" -o "$output" --max-time "$max_time" ||
  status=$?
if [ $status -gt 2 ] && [ "$(progress)" != "$before" ]; then
  echo "$output is unfinished (exit status $status): submitted again"
  exec qsub -v "QUOTESWEEP=$program,study=$study,output=$output,max_time=$max_time" cluster/pbs.sh
fi
exit $status
