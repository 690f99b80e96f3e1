#!/bin/bash
# The main job, for real: whole clients, and what they share, are applied to a local endpoint, something
# is broken behind Trueup's back with the AWS CLI, the drift is shown and fixed. Fails when any step does not end
# with the exit code that it must have, or the fleet is not what snapshots/ says; with TRUEUP_RECORD=1
# the snapshots are recorded anew.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD

trueup=${TRUEUP:-$(swift build --show-bin-path)/trueup}
aws=$root/.venv/bin/aws
workspace=$(mktemp -d)
source Scripts/demo/endpoint.sh
finish() {
  stop_endpoint
  rm -rf "$workspace"
}
endpoint_pid=
trap finish EXIT

say() { printf '\n# %s\n' "$*"; }

# run EXPECTED-EXIT-CODE COMMAND...: shows the command and its output, and stops when it ends otherwise.
run() {
  local expected=$1 code=0
  shift
  printf '$ %s\n' "$(printf '%s ' "$@" | sed "s|$trueup|trueup|; s|$aws|aws|; s| *$||")"
  "$@" || code=$?
  if [ "$code" != "$expected" ]; then
    echo "This ended with exit code $code; the demo expected $expected." >&2
    exit 1
  fi
}

# query SERVICE OPERATION... --query EXPRESSION: one value from the endpoint, for the next command.
query() { "$aws" "$@" --output text; }

say "A local endpoint that answers like AWS is started; nothing leaves this machine."
start_endpoint
echo "$AWS_ENDPOINT_URL"

say "The desired state of a fleet, in a git repository of its own: what all share, and three whole clients."
cp -r desired-state "$workspace/"
cd "$workspace"
git init --quiet
git add .
git -c user.name=demo -c user.email=demo@example.com commit --quiet -m "A fleet"
run 0 git --no-pager log --oneline --stat

say "The clients' secrets come from the environment; here they are made up."
for name in $(grep -rhoE '"env": "[A-Z_]+"' desired-state/clients | cut -d'"' -f4 | sort -u); do
  case $name in
    *_URL) export "$name=https://hooks.example.com/$name" ;;
    *) export "$name=made-up-$name" ;;
  esac
done

say "Is it sound? (reads files only)"
run 0 "$trueup" validate

say "What would be done?"
run 2 "$trueup" plan

say "Do it."
run 0 "$trueup" apply --yes
run 0 "$trueup" outputs --client luna --environment prod

say "A second plan finds nothing to do."
run 0 "$trueup" plan

say "What AWS is can be recorded for git. (It is compared with snapshots/ of this repository.)"
run 0 "$trueup" snapshot
"$root/.venv/bin/python" "$root/Scripts/demo/snapshots.py" snapshots "$root/snapshots" \
  $([ "${TRUEUP_RECORD:-}" != 1 ] || echo --record)

say "Now somebody helps out by hand: SSH is opened, public access is allowed, the logs are deleted."
group=$(query ec2 describe-security-groups \
  --filters Name=tag:trueup:stack,Values=cosyworld/luna-prod \
  Name=tag:trueup:resource,Values=BalancerSecurityGroup \
  --query 'SecurityGroups[0].GroupId')
bucket=$(query s3api list-buckets --query "Buckets[?starts_with(Name, 'luna-prod-')].Name | [0]")
logs=/ecs/cosyworld/luna-prod/application
run 0 "$aws" ec2 authorize-security-group-ingress --group-id "$group" --protocol tcp --port 22 \
  --cidr 0.0.0.0/0 --query Return
run 0 "$aws" s3api delete-public-access-block --bucket "$bucket"
run 0 "$aws" logs delete-log-group --log-group-name "$logs"

say "Trueup sees all three (exit code 2: drift found)."
run 2 "$trueup" drift

say "And fixes them."
run 0 "$trueup" apply --yes

say "In sync again."
run 0 "$trueup" drift
run 0 "$trueup" plan

say "What was done is in the journal."
run 0 "$trueup" history --limit 10

cat <<'END'

# That was the demo; its endpoint is gone and your AWS accounts were not touched. With a real one:
#   1. Build the program:  swift build -c release  (it is .build/release/trueup)
#   2. In desired-state/fleet.jsonc write your account's id and region,
#      in desired-state/clients/ one manifest per client and environment; commit.
#   3. Give credentials as to any AWS tool, for example:  export AWS_PROFILE=my-profile
#   4. trueup validate     checks the files, calls nothing
#      trueup plan         reads the account and says what would be done
#      trueup apply        shows it, asks, does it
END
