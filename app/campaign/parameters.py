"""The parameters of a step: its own, those of the blocks around it, loops and overrides."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from app.campaign.reading import Item
from core.campaign import CELL
from core.errors import BadInput
from protocols.protocol import Protocol
from protocols.registry import protocol


@dataclass(frozen=True)
class Scope:
    """What the blocks around a step say.

    Attributes
    ----------
    shared : dict of str to (value, key)
        Parameters of blocks, for every step that has them; the key says where they stand.
    loops : dict of str to (value, key)
        The present values of the for-each around it.
    choices : dict of str to list
        All values that a loop or a counter takes.
    values : dict
        The present values of loops and counters, as the file writes them.
    cell : str
        The kind that a block or a loop names.
    """

    shared: Mapping[str, tuple[Any, str]] = field(default_factory=dict)
    loops: Mapping[str, tuple[Any, str]] = field(default_factory=dict)
    choices: Mapping[str, list[Any]] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    cell: str = ""


def parameters(item: Item, scope: Scope) -> dict[str, Any]:
    """Return the parameters of a step, checked one by one and in the order they are declared in.

    The nearer wins: shared by a block, then the step's own; a loop gives its value to every step
    that has the parameter and does not fix it; overrides come on top for the rounds they name.

    Raises
    ------
    BadInput
        For unknown names, values out of limits, a parameter that a step gives although a loop
        does, an override for values that no loop takes.
    """
    entry, chosen = item.entry, item.protocol
    declared = chosen.declared()
    given: dict[str, tuple[Any, str]] = {}
    for layer in (scope.shared, scope.loops):
        given |= {name: each for name, each in layer.items() if name in declared}
    for name, value in entry.parameters.items():
        if name in scope.loops:
            raise BadInput(
                f"{item.key}.parameters.{name} = {value!r} is given by {scope.loops[name][1]}, too;",
                "remove it, or move it to the table fixed of this step if it shall keep this value.",
            )
        given[name] = value, f"{item.key}.parameters.{name}"
    given |= _overridden(item, scope)
    given |= {name: (value, f"{item.key}.fixed.{name}") for name, value in entry.fixed.items()}
    for name, (value, key) in given.items():
        check(chosen, name, value, key)
    return {name: given[name][0] for name in declared if name in given}


def check(chosen: type[Protocol], name: str, value: Any, key: str) -> None:
    """Refuse an unknown parameter or a value that it does not take; `key` says where it stands."""
    try:
        if isinstance(value, Hashable):
            _try(chosen.__name__, name, type(value), value)
        else:
            chosen(**{name: value})
    except BadInput as error:
        raise BadInput(f"{key}: {error.problem}", error.remedy) from None


@lru_cache(maxsize=4096)
def _try(chosen: str, name: str, _: type, value: Any) -> None:
    """Give one parameter to a protocol; kept because a loop gives the same few values many times."""
    protocol(chosen)(**{name: value})


def check_taken(item: Item) -> None:
    """Refuse a parameter or a loop of a block that none of its steps takes."""
    entry = item.entry
    loops = {name: "for_each" for name in entry.for_each if name != CELL}
    for name, table in (loops | dict.fromkeys(entry.parameters, "parameters")).items():
        leaves = list(item.leaves)
        if not any(name in leaf.protocol.declared() and name not in leaf.entry.fixed for leaf in leaves):
            classes = ", ".join(sorted({leaf.entry.protocol for leaf in leaves}))
            raise BadInput(
                f"{item.key}.{table}.{name} is a parameter of none of its steps ({classes});",
                "check its spelling, or remove it.",
            )
    both = [name for name in entry.parameters if name in entry.for_each]
    if both:
        raise BadInput(
            f"{item.key}.parameters.{both[0]} is given by its for_each, too;", "remove one of the two."
        )


def _overridden(item: Item, scope: Scope) -> dict[str, tuple[Any, str]]:
    given: dict[str, tuple[Any, str]] = {}
    for n, override in enumerate(item.entry.override, 1):
        key = f"{item.key}.override.{n}"
        for name, value in override.when.items():
            if name not in scope.choices:
                around = ", ".join(scope.choices) or "none"
                raise BadInput(
                    f"{key}.when.{name}: no for_each around this step goes over {name!r};",
                    f"there are {around}.",
                )
            if value not in scope.choices[name]:
                known = ", ".join(map(repr, scope.choices[name]))
                raise BadInput(
                    f"{key}.when.{name} = {value!r} never occurs;",
                    f"write one of {known}, letter by letter.",
                )
        for name, value in override.parameters.items():
            check(item.protocol, name, value, f"{key}.parameters.{name}")
        if all(scope.values[name] == value for name, value in override.when.items()):
            given |= {
                name: (value, f"{key}.parameters.{name}") for name, value in override.parameters.items()
            }
    return given
