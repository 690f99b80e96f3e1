#!/usr/bin/env python3
"""How big the kinds are, and what of their shared parts is used by how many of them.

    kinds.py          prints the figures
    kinds.py --check  fails for a part, a parameter or a function of the parts with too few users

A part is for what several types do alike. What fewer than three of them need is plain Swift in their own
files.
"""

import re
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KINDS = ROOT / "Sources" / "Kinds"
PARTS = KINDS / "Parts"
ENOUGH = 3
LONGEST_PART, MOST_PARAMETERS = 150, 8

TYPE = re.compile(r'\blet type(?:: String)? = "(AWS::\w+::\w+)"')
STRUCT = re.compile(r"^struct (\w+)", re.MULTILINE)
HOOKS = re.compile(r"^protocol ComposedKind\b.*?\n}", re.MULTILINE | re.DOTALL)
REQUIREMENT = re.compile(r"^  (?:func|var) (\w+)", re.MULTILINE)
# What every composed kind states.
STATED = {"listing", "tagging", "creation", "deletion"}


def sources():
    return {path: path.read_text() for path in sorted(KINDS.rglob("*.swift"))}


def arguments(text, start):
    """The text between the parentheses that open at `start`."""
    depth = 0
    for index in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[index], 0)
        if depth == 0:
            return text[start + 1 : index]
    return text[start + 1 :]


def split(text):
    """What commas outside of brackets and strings part."""
    parts, depth, quoted, last = [], 0, False, 0
    for index, char in enumerate(text):
        if char == '"' and text[index - 1] != "\\":
            quoted = not quoted
        if quoted:
            continue
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(char, 0)
        if char == "," and depth == 0:
            parts.append(text[last:index])
            last = index + 1
    return [part.strip() for part in parts + [text[last:]] if part.strip()]


def parameters(name, code):
    """The optional parameters of a part by label; those without a label by position."""
    found = re.search(rf"struct {name}\b.*?\n  init\(", code, re.DOTALL)
    if not found:
        return [], []
    every, optional = split(arguments(code, found.end() - 1)), []
    for index, parameter in enumerate(every):
        if "=" in parameter:
            label = parameter.split()[0].rstrip(":")
            optional.append((label, index))
    return every, optional


def users(sources, name, label=None, index=0):
    """The files outside of the parts that make such a part, with this argument."""
    found = set()
    for path, code in sources.items():
        if path.is_relative_to(PARTS):
            continue
        for call in re.finditer(rf"\b{name}\(", code):
            if label is None:
                found.add(path)
                continue
            given = split(arguments(code, call.end() - 1))
            labels = [re.match(r"(\w+):", argument) for argument in given]
            if label == "_":
                unlabelled = [argument for argument, named in zip(given, labels) if not named]
                if len(unlabelled) > index:
                    found.add(path)
            elif any(named and named[1] == label for named in labels):
                found.add(path)
    return found


def hook_users(sources, name):
    return {
        path
        for path, code in sources.items()
        if not path.is_relative_to(PARTS)
        and "ComposedKind" in code + "".join(
            other for sibling, other in sources.items()
            if sibling.stem.split("+")[0] == path.stem.split("+")[0]
        )
        and re.search(rf"\b(?:func|var|let) {name}\b", code)
    }


def part_users(sources):
    """What of the parts can be used -> its users, and which parts are too big."""
    found, big = {}, []
    for path, code in sources.items():
        if not path.is_relative_to(PARTS):
            continue
        if len(code.splitlines()) > LONGEST_PART:
            big.append(f"{path.name} has {len(code.splitlines())} lines")
        for name in STRUCT.findall(code):
            every, optional = parameters(name, code)
            if not every:
                continue
            found[name] = users(sources, name)
            if len(every) > MOST_PARAMETERS:
                big.append(f"{name} has {len(every)} parameters")
            for label, index in optional:
                title = label if label != "_" else every[index].split(":")[0].split()[-1]
                found[f"{name}({title}:)"] = users(sources, name, label, index)
        hooks = HOOKS.search(code)
        for name in REQUIREMENT.findall(hooks[0]) if hooks else []:
            if name not in STATED:
                found[f"ComposedKind.{name}"] = hook_users(sources, name)
    return found, big


def size(texts):
    return sum(len(text.splitlines()) for text in texts), sum(len(text.encode()) for text in texts)


def kinds(sources):
    """Type -> lines of its file and of the files that extend it."""
    return {
        name: sum(
            len(other.splitlines())
            for sibling, other in sources.items()
            if sibling.parent == path.parent and sibling.stem.split("+")[0] == path.stem
        )
        for path, code in sources.items()
        for name in TYPE.findall(code)
    }


def main():
    everything = sources()
    found, big = part_users(everything)
    if sys.argv[1:] == ["--check"]:
        few = [
            f"{name} has {len(who)} user{'' if len(who) == 1 else 's'}, and a part needs {ENOUGH}"
            for name, who in found.items()
            if len(who) < ENOUGH
        ]
        if few or big:
            sys.exit("\n".join(f"kinds: {line}" for line in few + big))
        return
    lines, size_of_all = size(everything.values())
    by_type = kinds(everything)
    print(f"{len(by_type)} types: {lines} lines, {size_of_all} bytes")
    print(f"a type: median {statistics.median(by_type.values()):g} lines, "
          f"mean {statistics.mean(by_type.values()):.0f}")
    shared = [code for path, code in everything.items() if path.parent.name in ("Parts", "Shared")]
    print("shared: {} lines, {} bytes".format(*size(shared)))
    print("\nlines  type")
    for name, count in sorted(by_type.items(), key=lambda item: (-item[1], item[0])):
        print(f"{count:5}  {name}")
    print("\nusers  part")
    for name, who in sorted(found.items(), key=lambda item: item[0]):
        print(f"{len(who):5}  {name}")


if __name__ == "__main__":
    main()
