"""Choosing working electrodes: which one of its kind each step is done to."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from app.campaign.plan import Electrode
from core.campaign import CellKind
from core.errors import BadInput


class Electrodes:
    """Hands out the working electrodes of each kind, one after the other, in the order of the file.

    An electrode is in use from the first step on it until the next one of its kind is mounted;
    pressing that one means scraping this one off, so that there is no way back to it.
    """

    def __init__(self, kinds: Mapping[str, CellKind]) -> None:
        self._kinds = kinds
        self._next = dict.fromkeys(kinds, 0)
        self._in_use: dict[str, int] = {}
        self._made: dict[tuple[str, int], Electrode] = {}
        self._over: dict[str, str] = {}
        self.last = ""
        """The kind that the step before was done to; empty at the begin of a file."""

    def release(self, kinds: set[str]) -> None:
        """Let the next step on each of these kinds mount a fresh electrode."""
        for kind in kinds:
            self._in_use.pop(kind, None)

    @contextmanager
    def file(self) -> Iterator[None]:
        """Begin another file: it starts with nothing mounted, as it does alone."""
        outer, last, before = self._in_use, self.last, dict(self._next)
        self._in_use, self.last = {}, ""
        yield
        self._in_use = {kind: n for kind, n in outer.items() if self._next[kind] == before[kind]}
        self.last = last if last in self._in_use else ""

    def take(self, kind: str, key: str, fresh: bool) -> Electrode:
        """Return the electrode of `kind` in use, or the next one."""
        if kind not in self._kinds:
            known = ", ".join(self._kinds) or "none; add a table [cells.NAME]"
            raise BadInput(f"{key} names the cell {kind!r}, which is not declared;", f"there are {known}.")
        if fresh or kind not in self._in_use:
            index = self._in_use[kind] = self._next[kind]
            self._next[kind] += 1
            if index == self._kinds[kind].count:
                self._over[kind] = key
        self.last = kind
        return self._electrode(kind, self._in_use[kind])

    def check(self) -> None:
        """Refuse more electrodes than there are, and two cells of one name."""
        for kind, key in self._over.items():
            raise BadInput(
                f"{key}: {self._next[kind]} working electrodes of {kind!r} are needed, and "
                f"cells.{kind}.count = {self._kinds[kind].count};",
                "raise count, use an electrode again where it survives, or leave out fresh = true.",
            )
        names: dict[str, str] = {}
        for (kind, _), electrode in self._made.items():
            name = electrode.cell.name
            if names.setdefault(name, kind) != kind:
                raise BadInput(
                    f"cells.{kind} and cells.{names[name]} both have a cell named {name!r};",
                    "give each kind names of its own.",
                )

    def _electrode(self, kind: str, index: int) -> Electrode:
        if (kind, index) not in self._made:
            of = self._kinds[kind]
            last = of.first + of.count - 1
            words = f"WE {of.first + index} of {last} on this counter"
            self._made[kind, index] = Electrode(kind, index, of.electrode(index), words)
        return self._made[kind, index]
