"""What moto lacks or does otherwise than AWS, one file per service.

`answers` replaces moto for an operation, `prepares` changes or refuses a call before moto sees it,
`amends` completes moto's result, `forgets` clears what a file remembers, `witnesses` sees each call
that changed something, `shows_tags` shows the tagging API what moto does not.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable

ANSWERS: dict[str, Callable] = {}
PREPARES: dict[str, Callable] = {}
AMENDS: dict[str, Callable] = {}
FORGETS: list[Callable] = []
WITNESSES: list[Callable] = []
TAGGED: list[Callable] = []
# What tests ask of the endpoint (`control.Control`), for what takes a while.
control = None


def registrar(table: dict[str, Callable]) -> Callable:
    def register(*names: str) -> Callable:
        def keep(function: Callable) -> Callable:
            for name in names:
                table[name] = function
            return function

        return keep

    return register


answers = registrar(ANSWERS)
prepares = registrar(PREPARES)
amends = registrar(AMENDS)


def forgets(function: Callable) -> Callable:
    FORGETS.append(function)
    return function


def witnesses(function: Callable) -> Callable:
    WITNESSES.append(function)
    return function


def shows_tags(function: Callable) -> Callable:
    """Of the call to the tagging API: the tags (a dict) of each resource, by its ARN."""
    TAGGED.append(function)
    return function


def load() -> None:
    """Imports every file of this package, which registers what it fills."""
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        importlib.import_module(f"{__name__}.{module.name}")
