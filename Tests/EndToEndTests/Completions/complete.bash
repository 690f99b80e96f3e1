# Prints what bash offers for a command line, one per line: bash complete.bash SCRIPT LINE
# The words are split as readline does: also at "=" and ":".
source "$1"
complete -p trueup > /dev/null || exit 1
COMP_LINE=$2
COMP_POINT=${#COMP_LINE}
compopt() { :; }
COMP_WORDS=()
for part in $COMP_LINE; do
  while [[ $part =~ ^([^=:]*)([=:]+)(.*)$ ]]; do
    [[ -n ${BASH_REMATCH[1]} ]] && COMP_WORDS+=("${BASH_REMATCH[1]}")
    COMP_WORDS+=("${BASH_REMATCH[2]}")
    part=${BASH_REMATCH[3]}
  done
  [[ -n $part ]] && COMP_WORDS+=("$part")
done
[[ $COMP_LINE == *" " ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_trueup
printf '%s\n' "${COMPREPLY[@]}" | sort -u
