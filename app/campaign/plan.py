"""A plan: a campaign with every round written out and every working electrode chosen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from core.campaign import CellKind
from core.cell import Cell
from core.records import Ended
from protocols.protocol import Protocol
from protocols.registry import protocol

Action = Literal["next", "end", "leave", "stop", "repeat", "go"]


@dataclass(frozen=True)
class Branch:
    """Where to go on: an action, or with ``go`` a step of the same list, by its name."""

    action: Action = "next"
    to: str = ""


@dataclass(frozen=True)
class Branches:
    """Where a step leads, by the word it ended with.

    Attributes
    ----------
    words : dict of Ended to Branch
        What the file says, ``default`` already spelt out.
    otherwise : dict of Ended to Branch
        What holds for the words that the file does not name; *next* where this is silent, too.
    at_most : int or None
        How often the step is done, at most, each time its list is entered.
    then : Branch
        Where a branch back leads once that has been used up.
    back : frozenset of Branch
        The branches that lead to this step or an earlier one.
    """

    words: Mapping[Ended, Branch] = field(default_factory=dict)
    otherwise: Mapping[Ended, Branch] = field(default_factory=dict)
    at_most: int | None = None
    then: Branch = Branch()
    back: frozenset[Branch] = frozenset()

    def follow(self, word: Ended, done: int) -> Branch:
        """Return where to go after the step ended with `word` and was done `done` times."""
        branch = self.words.get(word) or self.otherwise.get(word) or Branch()
        if branch in self.back and self.at_most is not None and done >= self.at_most:
            return self.then
        return branch


@dataclass(frozen=True)
class Electrode:
    """One working electrode of a kind of cells; `index` counts from 0 within the campaign."""

    kind: str
    index: int
    cell: Cell
    words: str
    """For the operator: ``"WE 2 of 6 on this counter"``."""


@dataclass(frozen=True)
class Work:
    """A protocol that is done once to one cell.

    `values` are those of the for-each and repeats around it, as the file writes them; `key` is
    where the file says it, e.g. ``"fig5.toml: steps.2"``.
    """

    label: str
    name: str
    protocol: str
    parameters: Mapping[str, Any]
    electrode: Electrode
    values: Mapping[str, Any]
    key: str
    branches: Branches = Branches()
    allow_spent: bool = False

    @property
    def chosen(self) -> type[Protocol]:
        """The class of the protocol."""
        return protocol(self.protocol)

    def build(self) -> Protocol:
        """Return the protocol with its parameters, as new."""
        return self.chosen(**self.parameters)


@dataclass(frozen=True)
class Round:
    """One pass through a block; its label is empty where there is only ever one."""

    label: str
    nodes: "tuple[Node, ...]"


@dataclass(frozen=True)
class Block:
    """A list of steps within a list, done in rounds."""

    label: str
    name: str
    rounds: tuple[Round, ...]
    key: str
    branches: Branches = Branches()


Node = Work | Block


@dataclass(frozen=True)
class Plan:
    """A campaign, ready to be walked through: see `app.campaign.walk.Walk`.

    Attributes
    ----------
    name, title, notes : str
        As in its file.
    nodes : tuple of Node
        The steps of its top-level list.
    kinds : dict of str to CellKind
        The kinds of cells by name, with the counts of all included files.
    texts : dict of str to str
        The files it was read from, by their paths: what to keep with the campaign.
    """

    name: str
    nodes: tuple[Node, ...]
    kinds: Mapping[str, CellKind] = field(default_factory=dict)
    title: str = ""
    notes: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)

    def works(self) -> Iterator[tuple[str, Work]]:
        """Every step with its path in the order of the file, as if each one led to the next."""
        return works(self.nodes)


def works(nodes: tuple[Node, ...], path: str = "") -> Iterator[tuple[str, Work]]:
    """Return every step under `nodes` with its path."""
    for node in nodes:
        here = join(path, node.label)
        if isinstance(node, Work):
            yield here, node
        else:
            for each in node.rounds:
                yield from works(each.nodes, join(here, each.label))


def join(*parts: str) -> str:
    """Join what there is of a path."""
    return "/".join(filter(None, parts))
