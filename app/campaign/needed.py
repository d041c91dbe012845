"""What a campaign needs on the table before it starts: cells, and the order they are mounted in."""

from dataclasses import dataclass

from app.campaign.plan import Plan


@dataclass(frozen=True)
class CellsNeeded:
    """The cells of one kind: the names of those that are used, and how many the file declares.

    A single experiment declares none; it has the one that it uses.
    """

    kind: str
    anode: str
    names: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Mounting:
    """A cell that comes to the bench: before which step, and the words for the operator."""

    path: str
    kind: str
    name: str
    words: str
    again: bool
    """Whether it was on the bench before, in this campaign."""


@dataclass(frozen=True)
class Needed:
    """Cells by kind, and their mountings in the order of the plan."""

    cells: tuple[CellsNeeded, ...]
    mountings: tuple[Mounting, ...]


def needed(plan: Plan) -> Needed:
    """List the cells of a plan; steps that a branch may pass over are counted as if they were done."""
    names: dict[str, dict[str, None]] = {}
    anodes: dict[str, str] = {}
    mountings: list[Mounting] = []
    on_bench = ""
    for path, work in plan.works():
        electrode, name = work.electrode, work.electrode.cell.name
        known = names.setdefault(electrode.kind, {})
        anodes[electrode.kind] = electrode.cell.anode
        if name != on_bench:
            mountings.append(Mounting(path, electrode.kind, name, electrode.words, name in known))
        known[name], on_bench = None, name
    cells = (
        CellsNeeded(kind, anodes[kind], tuple(used), plan.kinds[kind].count if plan.kinds else len(used))
        for kind, used in names.items()
    )
    return Needed(tuple(cells), tuple(mountings))
