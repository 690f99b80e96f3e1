# Prints what fish offers for a command line, one per line: fish complete.fish SCRIPT LINE
source $argv[1]
complete -C $argv[2] | string replace -r '\t.*' '' | sort -u
