#!/bin/sh
# The container's entry point: one reconcile, or any other command of trueup that is given.
# TRUEUP_REPOSITORY names the fleet's repository; TRUEUP_FOLLOW its branch; TRUEUP_OPTIONS more
# options. The state (the clone and the journal) lives in TRUEUP_STATE, best on a volume.
set -eu

state=${TRUEUP_STATE:-/var/lib/trueup}
export TRUEUP_JOURNAL="${TRUEUP_JOURNAL:-$state/journal.db}"

if [ ! -d "$state/fleet/.git" ]; then
  : "${TRUEUP_REPOSITORY:?must name the repository that holds desired-state/}"
  git clone --quiet --no-checkout "$TRUEUP_REPOSITORY" "$state/fleet"
fi
cd "$state/fleet"

if [ $# -eq 0 ]; then
  # Options are words: they are split on purpose.
  # shellcheck disable=SC2086
  set -- reconcile --once --follow "${TRUEUP_FOLLOW:-origin/main}" ${TRUEUP_OPTIONS:-}
fi
exec trueup "$@"
