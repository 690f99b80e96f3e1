"""Runs cfn-lint on all blueprints, without their comments and trailing commas.

    blueprints.py [desired-state/blueprints]

Comments are blanked, not removed, so that lines and columns in cfn-lint's findings stay right. So
is the template's own "$schema", which is for editors.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path


def plain(text: str) -> str:
    """The text as JSON of the same length: comments and trailing commas become spaces."""
    out = list(text)
    comma = None  # of a comma after which nothing has come but blanks and comments
    i = 0
    while i < len(text):
        char = text[i]
        end = i + 1
        if char == '"':
            while end < len(text) and text[end] != '"':
                end += 2 if text[end] == "\\" else 1
            end += 1
            comma = None
        elif text.startswith(("//", "/*"), i):
            line = text[i + 1] == "/"
            end = text.find("\n" if line else "*/", i + 2)
            end = len(text) if end < 0 else end + (0 if line else 2)
            out[i:end] = [c if c == "\n" else " " for c in text[i:end]]
        elif char == ",":
            comma = i
        elif char in "]}":
            if comma is not None:
                out[comma] = " "
            comma = None
        elif not char.isspace():
            comma = None
        i = end
    return "".join(out)


def main() -> int:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "desired-state/blueprints")
    blueprints = sorted(folder.glob("*.jsonc"))
    if not blueprints:
        print(f"no blueprint in {folder}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as temporary:
        copies = []
        for blueprint in blueprints:
            copy = Path(temporary) / f"{blueprint.stem}.json"
            text = re.sub(
                r'^  "\$schema": "[^"]*",$',
                lambda found: " " * len(found[0]),
                plain(blueprint.read_text()),
                flags=re.MULTILINE,
            )
            copy.write_text(text)
            copies.append(str(copy))
        cfn_lint = Path(sys.executable).parent / "cfn-lint"
        command = [str(cfn_lint), "--non-zero-exit-code", "error", "--format", "parseable"]
        done = subprocess.run([*command, "--", *copies], capture_output=True, text=True)
        # Findings name the blueprint, not its copy.
        found = done.stdout.replace(temporary, str(folder)).replace(".json:", ".jsonc:")
        print(found + done.stderr, end="")
    if done.returncode == 0:
        print(f"cfn-lint: {len(blueprints)} blueprint(s) without errors")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
