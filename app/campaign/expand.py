"""Expanding a campaign: every round written out, every parameter checked, every electrode chosen."""

from dataclasses import replace
from pathlib import Path

from app.campaign.branches import branches
from app.campaign.checks import check_length, check_spent
from app.campaign.electrodes import Electrodes
from app.campaign.parameters import Scope, check_taken, parameters
from app.campaign.plan import Block, Node, Plan, Round, Work
from app.campaign.reading import Item, Loaded, load, load_text
from app.campaign.rounds import Pass, rounds
from app.campaign.walk import passes_current
from core.campaign import CELL
from core.errors import BadInput


def read_campaign(path: Path) -> Plan:
    """Read a campaign file and what it names, check all of it, and return the plan.

    Raises
    ------
    BadInput
        For whatever can be known to be wrong before the start: file, key, value and remedy.
    """
    return expand(load(path))


def make_campaign(text: str, source: str, folder: Path = Path()) -> Plan:
    """Like `read_campaign` from the text of a file; `folder` is where it would lie."""
    return expand(load_text(text, source, folder))


def expand(loaded: Loaded) -> Plan:
    """Return the plan of a campaign that was read."""
    electrodes = Electrodes(loaded.kinds)
    check_length(loaded.items, loaded.source)
    nodes = _Expansion(electrodes).nodes(loaded.items, Scope())
    electrodes.check()
    file = loaded.file
    plan = Plan(file.campaign, nodes, loaded.kinds, file.title, file.notes, loaded.texts)
    check_spent(plan)
    return plan


class _Expansion:
    def __init__(self, electrodes: Electrodes) -> None:
        self.electrodes = electrodes

    def nodes(self, items: tuple[Item, ...], scope: Scope) -> tuple[Node, ...]:
        return tuple(self.node(items, at, scope) for at in range(len(items)))

    def node(self, items: tuple[Item, ...], at: int, scope: Scope) -> Node:
        item = items[at]
        following, name = branches(items, at), item.entry.name
        label = _label(item, at + 1)
        if item.entry.protocol:
            work = self.work(item, scope)
            return replace(work, label=label, name=name, branches=following)
        check_taken(item)
        passes = rounds(item)
        if item.entry.include:
            with self.electrodes.file():
                done = tuple(self.round(item, each, passes, scope) for each in passes)
        else:
            done = tuple(self.round(item, each, passes, scope) for each in passes)
        return Block(label, name, done, item.key, following)

    def round(self, item: Item, each: Pass, passes: list[Pass], scope: Scope) -> Round:
        inner = _inner(item, each, passes, scope)
        if item.entry.fresh:
            self.electrodes.release(_kinds(item, inner))
        return Round(each.label, self.nodes(item.items, inner))

    def work(self, item: Item, scope: Scope) -> Work:
        entry = item.entry
        given = parameters(item, scope)
        kind = entry.cell or scope.cell
        if not kind and not passes_current(item.protocol):
            kind = self.electrodes.last
        if not kind:
            raise BadInput(
                f"{item.key} ({entry.protocol}) names no cell;",
                'write cell = "…", one of the kinds under [cells], here or in a block around it.',
            )
        electrode = self.electrodes.take(kind, item.key, entry.fresh)
        return Work(
            label="",
            name="",
            protocol=entry.protocol,
            parameters=given,
            electrode=electrode,
            values=scope.values,
            key=item.key,
            allow_spent=entry.allow_spent,
        )


def _label(item: Item, number: int) -> str:
    entry = item.entry
    return ".".join(filter(None, [str(number), entry.name or entry.protocol or Path(entry.include).stem]))


def _inner(item: Item, each: Pass, passes: list[Pass], scope: Scope) -> Scope:
    """What holds inside a block, in one of its rounds."""
    entry = item.entry
    loops = {name: value for name, value in each.loops.items() if name != CELL}
    shared = {name: (value, f"{item.key}.parameters.{name}") for name, value in entry.parameters.items()}
    hidden = {**scope.loops}
    for name, (value, key) in shared.items():
        if name in hidden:
            raise BadInput(f"{key} = {value!r} is given by {hidden[name][1]}, too;", "remove one of the two.")
    return Scope(
        {**scope.shared, **shared},
        {**hidden, **{name: (value, f"{item.key}.for_each.{name}") for name, value in loops.items()}},
        {
            **scope.choices,
            **entry.for_each,
            **{name: [other.counters[name] for other in passes] for name in each.counters},
        },
        {**scope.values, **each.loops, **each.counters},
        _cell(item, each) or scope.cell,
    )


def _cell(item: Item, each: Pass) -> str:
    looped = each.loops.get(CELL)
    if looped is None:
        return item.entry.cell
    if item.entry.cell:
        raise BadInput(
            f"{item.key}.cell = {item.entry.cell!r} is given by its for_each, too;", "remove one of the two."
        )
    if all(leaf.entry.cell for leaf in item.leaves):
        raise BadInput(
            f"{item.key}.for_each.cell: every step in it names a cell of its own;",
            "remove cell from the steps that shall go over these cells.",
        )
    if not isinstance(looped, str):
        raise BadInput(f"{item.key}.for_each.cell = {looped!r} is no kind of cell;", "write its name.")
    return looped


def _kinds(item: Item, scope: Scope) -> set[str]:
    """The kinds that a block names; those of an included file are fresh in any case."""
    named = {leaf.entry.cell for leaf in item.leaves} | {scope.cell}
    return named - {""}
