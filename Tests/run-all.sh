#!/bin/sh
# Runs all tests that are built: the end-to-end tests beside the others, because they wait more than they
# compute. Their output follows when both have ended. Fails when either does.
#
#   Tests/run-all.sh BUNDLE
set -u
bundle=$1
output=$(mktemp)
trap 'rm -f "$output"' EXIT

# The test classes whose names match, as the bundle takes them.
classes() {
  "$bundle" --list-tests | grep -oE '^[A-Za-z0-9_]+\.[A-Za-z0-9_]+' | sort -u | grep "$@" | paste -sd, -
}

end_to_end=$(classes '^EndToEndTests\.')
others=$(classes -v '^EndToEndTests\.')
if [ -z "$end_to_end" ] || [ -z "$others" ]; then
  echo "$bundle lists no tests" >&2
  exit 1
fi

"$bundle" "$end_to_end" >"$output" 2>&1 &
pid=$!
"$bundle" "$others"
rest=$?
wait "$pid"
result=$?
cat "$output"
[ "$rest" -eq 0 ] && [ "$result" -eq 0 ]
