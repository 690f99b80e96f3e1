# Prints what zsh offers for a command line, one per line: zsh -f complete.zsh SCRIPT LINE
# Completion needs a line editor, so a second zsh runs in a pseudo-terminal.
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PROMPT='' RPROMPT=''; autoload -Uz compinit; compinit -u -D; source ${(q)1}"
zpty -w shell 'compadd () {
  if [[ "$*" == *-[OAD]\ * ]]; then builtin compadd "$@"; return; fi
  local -a offered; builtin compadd -A offered "$@"
  local one; for one in $offered; do print -r -- "<$one>"; done
  builtin compadd "$@"
}
offered-all () { print -r -- "<END>" }
zle -N offered-all; bindkey "^I" complete-word; bindkey "^T" offered-all; print RE""ADY'
until [[ $text == *READY* ]]; do zpty -r shell text || exit 1; done
zpty -w -n shell "$2"$'\t\x14'
all=""
until [[ $all == *"<END>"* ]]; do
  zpty -r shell text || exit 1
  all+=$text
done
zpty -d shell
print -r -- $all | grep -oE '<[A-Za-z0-9:._=-]+>' | tr -d '<>' | grep -vx END | sort -u
