"""The model of a campaign file: kinds of cells, and the steps that are done to them, in order."""

import difflib
import re
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from core.cell import Cell, FileModel
from core.errors import BadInput
from core.records import Ended

DEFAULT = "default"
"""In ``on``: every ordinary word that is not named."""
FAULTS = frozenset({Ended.STOPPED, Ended.TIMED_OUT, Ended.ABORTED, Ended.INTERLOCK, Ended.FAILED})
"""Words that stop a campaign unless they are named in ``on``; ``default`` does not speak for them."""
ACTIONS = ("next", "end", "leave", "stop", "repeat")
"""Where a branch may lead besides the name of a step."""
ROUND, REPLICATE = "round", "replicate"
"""Counters that every round has, beside the values of its ``for_each``."""
CELL = "cell"
MOST_ROUNDS = 10_000

_NAME = re.compile(r"[^\W_][^/~]*")
_NUMBER = re.compile(r"\{n(:0?\d{1,2}d)?\}")


def is_campaign(tables: dict[str, Any]) -> bool:
    """Return whether the tables of a file are a campaign's rather than an experiment's."""
    return "campaign" in tables or "steps" in tables


def _has_other_braces(pattern: str) -> bool:
    return re.search(r"[{}]", _NUMBER.sub("", pattern)) is not None


def _numbers(pattern: str) -> bool:
    """Whether a pattern gives each number a name of its own."""
    return _NUMBER.search(pattern) is not None


class CellKind(Cell):
    """One kind of cell: `count` working electrodes that are pressed one after another on one counter.

    Everything is as in a cell file; `name` may hold ``{n}``, the number of the working electrode.
    The counter's ``working_electrode_number`` is the number of the first of them.
    """

    count: int = Field(default=1, ge=1, le=MOST_ROUNDS, description="how many working electrodes there are")

    @field_validator("name")
    @classmethod
    def _pattern(cls, name: str) -> str:
        if _has_other_braces(name):
            raise ValueError(f"{name!r} may hold {{n}} or {{n:02d}} and nothing else in braces")
        return name

    @model_validator(mode="after")
    def _distinct(self) -> "CellKind":
        if self.count > 1 and not _numbers(self.name):
            raise ValueError(
                f"name {self.name!r} would be the same for all {self.count} working electrodes; "
                'number them, for example "LLZO-07-Li-{n:02d}"'
            )
        return self

    @property
    def first(self) -> int:
        """The number of the first working electrode on its counter."""
        return self.counter.working_electrode_number

    def electrode(self, index: int) -> Cell:
        """Return the cell with the working electrode `index`, counted from 0."""
        n = self.first + index
        tables = self.model_dump(mode="json", exclude={"count"}, exclude_none=True)
        tables["name"] = self.name.format(n=n)
        tables["counter"]["working_electrode_number"] = n
        return Cell.model_validate(tables)


def cell_names(pattern: str, first: int, count: int) -> list[str]:
    """Return the names of `count` cells, numbered from `first` on.

    Parameters
    ----------
    pattern : str
        As the name of a `CellKind`, e.g. ``"LLZO-07-Li-{n:02d}"``.
    first, count : int
        At least 1.

    Raises
    ------
    BadInput
        If the pattern would give several cells one name, has other braces, or the numbers mean nothing.
    """
    if first < 1 or not 1 <= count <= MOST_ROUNDS:
        raise BadInput(
            f"{count} cells numbered from {first} on cannot be named;",
            f"number them from 1 on, and at most {MOST_ROUNDS} at once.",
        )
    if _has_other_braces(pattern):
        raise BadInput(
            f"the name {pattern!r} has braces with something else than n in them;",
            "write {n} or {n:02d} where the number goes.",
        )
    if count > 1 and not _numbers(pattern):
        raise BadInput(
            f"the name {pattern!r} would be the same for all {count} cells;",
            'number them, for example "LLZO-07-Li-{n:02d}".',
        )
    return [pattern.format(n=n) for n in range(first, first + count)]


class Override(FileModel):
    """Parameters that a step has in some rounds only."""

    when: dict[str, Any] = Field(min_length=1, description="values of the for_each around it")
    parameters: dict[str, Any] = Field(min_length=1)


class Entry(FileModel):
    """One entry of a list of steps: a protocol, a list of steps of its own, or another campaign file."""

    name: str = ""
    protocol: str = ""
    steps: tuple["Entry", ...] | None = None
    include: str = ""

    cell: str = ""
    fresh: bool = Field(default=False, description="mount the next working electrode of the kind")
    parameters: dict[str, Any] = Field(default_factory=dict)
    on: dict[str, str] = Field(default_factory=dict)
    at_most: int | None = Field(default=None, ge=2, le=1000)
    then: str = ""

    fixed: dict[str, Any] = Field(default_factory=dict, description="parameters no for_each changes")
    override: tuple[Override, ...] = ()
    allow_spent: bool = False

    repeat: int | None = Field(default=None, ge=1, le=MOST_ROUNDS)
    for_each: dict[str, list[Any]] = Field(default_factory=dict)
    order: Literal["as written", "random"] | None = None
    replicates: int | None = Field(default=None, ge=1, le=1000)

    @field_validator("name")
    @classmethod
    def _short_name(cls, name: str) -> str:
        if name in (*ACTIONS, DEFAULT):
            raise ValueError(f"{name!r} is a word of branches; choose another name")
        if name and not (_NAME.fullmatch(name) and name.isprintable()):
            raise ValueError("a name begins with a letter or digit and holds neither / nor ~")
        return name

    @field_validator("on")
    @classmethod
    def _known_words(cls, on: dict[str, str]) -> dict[str, str]:
        known = [*map(str, Ended), DEFAULT]
        for word in on:
            if word not in known:
                close = difflib.get_close_matches(word, known, n=1)
                hint = f"did you mean {close[0]!r}?" if close else f"it can be {', '.join(known)}"
                raise ValueError(f"a step cannot end with {word!r}; {hint}")
        return on

    @field_validator("for_each")
    @classmethod
    def _lists(cls, for_each: dict[str, list[Any]]) -> dict[str, list[Any]]:
        for key, values in for_each.items():
            if key in (ROUND, REPLICATE):
                raise ValueError(f"{key!r} is counted by itself; remove it")
            if not values:
                raise ValueError(f"{key} has no values; write at least one")
            if any(value in values[:index] for index, value in enumerate(values)):
                raise ValueError(f"{key} names a value twice; use replicates to do each several times")
        return for_each

    @model_validator(mode="after")
    def _one_kind(self) -> "Entry":
        given = [key for key in ("protocol", "steps", "include") if getattr(self, key) not in ("", None)]
        if len(given) != 1:
            found = f"it has {' and '.join(given)}" if given else "it has none of them"
            raise ValueError(f"a step has one of protocol, steps or include; {found}")
        if self.steps == ():
            raise ValueError("steps is empty; write at least one step or remove it")
        alien = ("repeat", "for_each", "order", "replicates") if self.protocol else ("fixed", "override")
        for key in alien:
            if getattr(self, key):
                place = "around steps or an include" if self.protocol else "in a step with a protocol"
                raise ValueError(f"{key} stands {place}; move it there")
        if self.allow_spent and not self.protocol:
            raise ValueError("allow_spent is said by each step with a protocol; move it there")
        return self

    @model_validator(mode="after")
    def _loops(self) -> "Entry":
        if self.repeat and self.for_each:
            raise ValueError("repeat and for_each exclude each other; use replicates with for_each")
        for key in ("order", "replicates"):
            if getattr(self, key) is not None and not self.for_each:
                raise ValueError(f"{key} needs a for_each; add one, or use repeat")
        if self.then and self.at_most is None:
            raise ValueError("then says where to go after at_most; add at_most or remove it")
        return self


class CampaignFile(FileModel):
    """A campaign: named kinds of cells, and what is done to them from first to last."""

    campaign: str = Field(min_length=1, description="its name")
    title: str = ""
    notes: str = ""
    seed: int = Field(default=1, ge=0, description="of randomised orders")
    cells: dict[str, dict[str, Any]] = Field(default_factory=dict)
    steps: tuple[Entry, ...]

    @field_validator("steps")
    @classmethod
    def _some(cls, steps: tuple[Entry, ...]) -> tuple[Entry, ...]:
        if not steps:
            raise ValueError("there are none; write at least one [[steps]]")
        return steps
