"""Walking through a plan: which step comes next, given how the last one ended."""

from collections import Counter
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Literal

from app.campaign.plan import Block, Branch, Electrode, Node, Plan, Work, join
from app.campaign.step import Step
from core.records import Ended
from protocols.protocol import Protocol

How = Literal["end", "leave", "stop"]
"""How a list of steps came to its end: by itself or by a branch out of it."""

SPENDING = frozenset({Ended.CUT_OFF, Ended.DEPLETED})
"""Words after which a stripped electrode has lost its contact for good."""


@dataclass(frozen=True)
class Refusal:
    """A step that was passed over because its electrode was depleted or shorted before it."""

    path: str
    cell: str
    reason: str
    key: str = ""


@dataclass(frozen=True)
class Place:
    """A step of the plan that has come up, with the path it has this time."""

    path: str
    work: Work


class Progress:
    """Goes through the steps of a plan; knows nothing of electrodes that are spent.

    Deterministic: the same words lead through the same steps, so that a campaign is taken up
    again by giving it the words of the steps that were done.
    """

    def __init__(self, plan: Plan) -> None:
        self._places = self._list(plan.nodes, "")
        self._begun = False
        self.finished = False
        self.stopped = False
        """Whether a branch or a fault ended the whole campaign before its last step."""

    def next(self, ended: Ended | None = None) -> Place | None:
        """Return the next place, or None after the last one.

        Parameters
        ----------
        ended : Ended
            How the step before ended; None, and only then, for the first one.
        """
        if self.finished:
            return None
        if (ended is None) == self._begun:
            raise ValueError("say how the last step ended, and nothing before the first")
        try:
            if ended is None:
                self._begun = True
                return next(self._places)
            return self._places.send(Ended(ended))
        except StopIteration as end:
            self.finished, self.stopped = True, end.value[0] == "stop"
            return None

    def _list(self, nodes: tuple[Node, ...], path: str) -> Generator[Place, Ended, tuple[How, Ended]]:
        done: Counter[int] = Counter()
        at, word = 0, Ended.SKIPPED
        while at < len(nodes):
            node = nodes[at]
            done[at] += 1
            label = node.label if done[at] == 1 else f"{node.label}~{done[at]}"
            here = join(path, label)
            if isinstance(node, Work):
                word = yield Place(here, node)
            else:
                how, word = yield from self._block(node, here)
                if how == "stop":
                    return how, word
            branch = node.branches.follow(word, done[at])
            if branch.action in ("end", "leave", "stop"):
                return branch.action, word
            at = _position(nodes, at, branch)
        return "end", word

    def _block(self, block: Block, path: str) -> Generator[Place, Ended, tuple[How, Ended]]:
        word = Ended.SKIPPED
        for each in block.rounds:
            how, word = yield from self._list(each.nodes, join(path, each.label))
            if how == "stop":
                return how, word
            if how == "leave":
                break
        return "end", word


def _position(nodes: tuple[Node, ...], at: int, branch: Branch) -> int:
    if branch.action == "repeat":
        return at
    if branch.action == "go":
        return next(index for index, node in enumerate(nodes) if node.name == branch.to)
    return at + 1


class Electrodes:
    """Which electrodes were used, and which are spent, by the names of their cells."""

    def __init__(self, spent: Mapping[str, Ended] | None = None) -> None:
        self.spent: dict[str, Ended] = dict(spent or {})
        self.used: set[str] = set()

    def see(self, cell: str, protocol: type[Protocol], ended: Ended) -> None:
        """Learn how a protocol ended on a cell."""
        if ended is Ended.SHORTED or (ended in SPENDING and passes_current(protocol)):
            self.spent[cell] = ended

    def refuse(self, path: str, work: Work, protocol: type[Protocol]) -> Refusal | None:
        """Return why a step must not be done to its electrode; None if it may be."""
        name = work.electrode.cell.name
        if work.allow_spent or name not in self.spent or not passes_current(protocol):
            return None
        past = {Ended.CUT_OFF: "was stripped to the cut-off", Ended.SHORTED: "is shorted"}
        reason = f"{name} ({work.electrode.words}) {past.get(self.spent[name], 'is depleted')}"
        return Refusal(path, name, reason, work.key)


def passes_current(protocol: type[Protocol]) -> bool:
    """Whether a protocol strips the electrode and may leave it without contact."""
    return bool(getattr(protocol, "spends_electrode", False))


class Walk:
    """A campaign being done: hands out one step after the other.

    Pure and deterministic: no clock, no instrument, no file.

    Parameters
    ----------
    plan : Plan
        Of a campaign, or of one of its lanes.
    spent : mapping of str to Ended, optional
        Cells that earlier runs have left depleted or shorted, by name.

    Attributes
    ----------
    refusals : list of Refusal
        Steps that were passed over because their electrode was spent; it grows while walking.
        What follows such a step is what the file says for ``"skipped"``.

    Examples
    --------
    ::

        walk, step = Walk(plan), None
        ended = None
        while (step := walk.next(ended)) is not None:
            ended = do(step)
    """

    def __init__(self, plan: Plan, spent: Mapping[str, Ended] | None = None) -> None:
        self._progress = Progress(plan)
        self._electrodes = Electrodes(spent)
        self._last: tuple[Electrode, type[Protocol]] | None = None
        self.refusals: list[Refusal] = []

    @property
    def stopped(self) -> bool:
        """Whether a branch or a fault ended the whole campaign before its last step."""
        return self._progress.stopped

    def next(self, ended: Ended | None = None) -> Step | None:
        """Return the next step, or None when the campaign is over.

        Parameters
        ----------
        ended : Ended or str
            How the last step ended; left out for the first one.
        """
        if self._last is not None and ended is not None:
            electrode, kind = self._last
            self._electrodes.see(electrode.cell.name, kind, Ended(ended))
        while (place := self._progress.next(ended)) is not None:
            refusal = self._electrodes.refuse(place.path, place.work, place.work.chosen)
            if refusal is None:
                return self._step(place, place.work.build())
            self.refusals.append(refusal)
            ended = Ended.SKIPPED
        return None

    def _step(self, place: Place, built: Protocol) -> Step:
        work = place.work
        electrode = work.electrode
        fresh = electrode.cell.name not in self._electrodes.used
        self._electrodes.used.add(electrode.cell.name)
        self._last = electrode, type(built)
        return Step(
            built,
            electrode.cell,
            place.path,
            fresh,
            electrode.words,
            work.allow_spent,
            dict(work.values),
            work.key,
        )
