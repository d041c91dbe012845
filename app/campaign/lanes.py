"""Lanes: parts of a plan that have nothing to do with each other, so that they can go side by side."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from app.campaign.plan import Block, Branch, Node, Plan, Round, Work, join, works

Paths = set[str]


def lanes(plan: Plan) -> list[Plan]:
    """Split a plan into parts that share no cell and no branch.

    Each part is a plan of its own, whose steps have the paths they have in the whole and keep
    their order; together they have every step exactly once. Rounds of a block and included files
    come apart, too. A fault that stops one lane does not stop the others; a ``"stop"`` that the
    file names keeps all that comes after it in its lane.
    """
    ahead = {path: path for path, _ in plan.works()}

    def lane_of(path: str) -> str:
        while ahead[path] != path:
            ahead[path] = path = ahead[ahead[path]]
        return path

    for tied in (*_sharing_a_cell(plan), *_tied(plan.nodes, "")):
        first, *others = map(lane_of, tied)
        ahead |= dict.fromkeys(others, first)
    return [replace(plan, nodes=nodes) for nodes in _split(plan.nodes, "", lane_of).values()]


def _sharing_a_cell(plan: Plan) -> list[Paths]:
    cells: dict[str, Paths] = {}
    for path, work in plan.works():
        cells.setdefault(work.electrode.cell.name, set()).add(path)
    return list(cells.values())


def _tied(nodes: tuple[Node, ...], path: str) -> Iterator[Paths]:
    """Steps of a list, and of the lists within it, that a branch ties together."""
    for at, node in enumerate(nodes):
        for branch in _leading_away(node):
            yield _paths(_reach(nodes, at, branch), path)
        if isinstance(node, Block):
            if node.branches.words or any(_leaves(inner) for each in node.rounds for inner in each.nodes):
                yield _paths((node,), path)
            for each in node.rounds:
                yield from _tied(each.nodes, join(path, node.label, each.label))


def _paths(nodes: tuple[Node, ...], path: str) -> Paths:
    return {each for each, _ in works(nodes, path)}


def _reach(nodes: tuple[Node, ...], at: int, branch: Branch) -> tuple[Node, ...]:
    """The steps of a list whose turn depends on a branch of the step `at`."""
    if branch.action == "repeat":
        return nodes[at : at + 1]
    if branch.action != "go":
        return nodes[at:]
    to = next(index for index, node in enumerate(nodes) if node.name == branch.to)
    return nodes[min(at, to) : max(at, to) + 1]


def _leading_away(node: Node) -> Iterator[Branch]:
    """The branches of a step that do not just go on, and the stops within it."""
    for branch in _said(node):
        if branch.action != "next":
            yield branch
    if isinstance(node, Block) and any(_stops(inner) for each in node.rounds for inner in each.nodes):
        yield Branch("stop")


def _said(node: Node) -> set[Branch]:
    return {*node.branches.words.values(), node.branches.then}


def _stops(node: Node) -> bool:
    inner = (inner for each in node.rounds for inner in each.nodes) if isinstance(node, Block) else ()
    return Branch("stop") in _said(node) or any(map(_stops, inner))


def _leaves(node: Node) -> bool:
    return Branch("leave") in _said(node)


def _split(nodes: tuple[Node, ...], path: str, lane_of: Callable[[str], str]) -> dict[str, tuple[Node, ...]]:
    """Deal the nodes of a list out to the lanes; rounds and blocks without a step of a lane are not in it."""
    lanes: dict[str, tuple[Node, ...]] = {}
    for node in nodes:
        here = join(path, node.label)
        if isinstance(node, Work):
            dealt: dict[str, Node] = {lane_of(here): node}
        else:
            dealt = {
                lane: replace(node, rounds=rounds) for lane, rounds in _rounds(node, here, lane_of).items()
            }
        for lane, part in dealt.items():
            lanes[lane] = (*lanes.get(lane, ()), part)
    return lanes


def _rounds(block: Block, path: str, lane_of: Callable[[str], str]) -> dict[str, tuple[Round, ...]]:
    rounds: dict[str, tuple[Round, ...]] = {}
    for each in block.rounds:
        for lane, nodes in _split(each.nodes, join(path, each.label), lane_of).items():
            rounds[lane] = (*rounds.get(lane, ()), replace(each, nodes=nodes))
    return rounds
