#!/bin/sh
# Runs all tests that are built, several at once: the end-to-end tests wait more than they compute, so they
# run in groups, each with an endpoint of its own; what takes longest goes first. The output of a group follows when it has ended. Fails
# when one does.
#
#   Scripts/run-tests.sh BUNDLE
set -u
bundle=$1
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

# The test classes whose names match.
classes() {
  "$bundle" --list-tests | grep -oE '^[A-Za-z0-9_]+\.[A-Za-z0-9_]+' | sort -u | grep "$@"
}

# A group of classes a line, as the bundle takes them.
{
  classes '^EndToEndTests\.Conformance[0-9]'
  classes -v '^EndToEndTests\.' | paste -sd, -
  classes '^EndToEndTests\.' | grep -v '\.Conformance[0-9]' | paste -d, - - - | sed 's/,*$//'
} >"$directory/groups"
if [ "$(wc -l <"$directory/groups")" -lt 2 ]; then
  echo "$bundle lists no tests" >&2
  exit 1
fi

export bundle directory
xargs -P 6 -n 1 sh -c '
  output=$(mktemp "$directory/output.XXXXXX")
  "$bundle" "$1" >"$output" 2>&1
  result=$?
  # At one stroke, so that groups that end together do not mix.
  flock "$directory/groups" cat "$output"
  rm "$output"
  exit "$result"' group <"$directory/groups"
