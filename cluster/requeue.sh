# shellcheck shell=bash disable=SC2154
# Sourced by the slurm*.sh scripts, which set $program and $output before.

# What is in the results so far: changes whenever the sweep got further.
progress() { "$program" digest "$output" 2> /dev/null || true; }

# run_and_requeue COMMAND...: runs a sweep and puts this job back into the queue when the sweep was
# interrupted, by USR1 before the time limit or by a lost rank, but got further than before. What was
# cancelled stays so, and what gets nowhere ends. Does not return.
run_and_requeue() {
  local before sweep status signalled=yes cancelled=no job
  if [[ " $* " == *" --fresh "* ]]; then
    echo "--fresh would begin anew after every requeue: remove $output instead" >&2
    exit 2
  fi
  before=$(progress)
  "$@" &
  sweep=$!
  trap 'signalled=yes; kill -USR1 "$sweep" || true' USR1
  trap 'signalled=yes; cancelled=yes; kill -TERM "$sweep" || true' TERM INT
  while [ $signalled = yes ]; do  # a signal ends `wait`, not the sweep
    signalled=no
    status=0
    wait "$sweep" || status=$?
  done
  trap '' USR1 TERM INT  # nothing to pass them on to any more
  case $status in
    0) echo "$output is complete" && exit 0 ;;
    1 | 2) exit $status ;;
  esac
  [ $cancelled = no ] || exit $status
  if [ "$(progress)" = "$before" ]; then
    echo "$output got no further (exit status $status): not requeued" >&2
    exit $status
  fi
  job=$SLURM_JOB_ID
  [ -z "${SLURM_ARRAY_JOB_ID-}" ] || job=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
  echo "$output is unfinished (exit status $status): requeued"
  scontrol requeue "$job" && exit 0
  exit $status
}
