"""Branches: what the words after ``on`` mean, checked against the list they stand in."""

import difflib
from collections.abc import Iterator

from app.campaign.plan import Branch, Branches
from app.campaign.reading import Item
from core.campaign import ACTIONS, DEFAULT, FAULTS
from core.errors import BadInput
from core.records import Ended

_STOP = Branch("stop")
_FAULTS = dict.fromkeys(FAULTS, _STOP)


def branches(items: tuple[Item, ...], at: int) -> Branches:
    """Return the branches of the step `at` of a list.

    Raises
    ------
    BadInput
        For a branch to nowhere, and for one that leads back without ``at_most``.
    """
    item = items[at]
    entry = item.entry
    words = {word: _branch(items, f"on.{word}", to, item) for word, to in entry.on.items()}
    then = _branch(items, "then", entry.then, item) if entry.then else Branch()
    back = frozenset(each for each in words.values() if _leads_back(items, at, each))
    if back and entry.at_most is None:
        named = next(word for word, each in words.items() if each in back)
        raise BadInput(
            f"{item.key}.on.{named} = {entry.on[named]!r} leads back, so that it might never end;",
            "add at_most, how often this step is done at most.",
        )
    if entry.at_most is not None and not back:
        raise BadInput(
            f"{item.key}.at_most = {entry.at_most} bounds nothing: no word of on leads back;",
            'remove it, or add a branch such as on = { "not reached" = "repeat" }.',
        )
    if _leads_back(items, at, then):
        raise BadInput(
            f"{item.key}.then = {entry.then!r} leads back, so that it might never end;",
            "let it lead to a later step, next, end, leave or stop.",
        )
    for each in back:
        _refuse_fresh(items, at, each)
    spelt = _spelt_out(words, ordinary_only=bool(entry.protocol))
    return Branches(spelt, _FAULTS if entry.protocol else {}, entry.at_most, then, back)


def _spelt_out(words: dict[str, Branch], ordinary_only: bool) -> dict[Ended, Branch]:
    """Write ``default`` out; a fault that ends a step is no ordinary word, one within a block is past."""
    spelt = {Ended(word): branch for word, branch in words.items() if word != DEFAULT}
    if DEFAULT in words:
        for word in Ended:
            if not (ordinary_only and word in FAULTS):
                spelt.setdefault(word, words[DEFAULT])
    return spelt


def _branch(items: tuple[Item, ...], key: str, to: str, item: Item) -> Branch:
    if to in ACTIONS:
        return Branch(to)  # type: ignore[arg-type]
    names = [each.entry.name for each in items if each.entry.name]
    if names.count(to) > 1:
        raise BadInput(
            f"{item.key}.{key} = {to!r} is the name of {names.count(to)} steps of this list;",
            "give the one it shall lead to a name of its own.",
        )
    if to in names:
        return Branch("go", to)
    close = difflib.get_close_matches(to, [*names, *ACTIONS], n=1)
    if close:
        remedy = f'did you mean "{close[0]}"?'
    else:
        here = (
            f"the names in this list are {', '.join(names)}" if names else "no step of this list has a name"
        )
        remedy = f"{here}; besides there are {', '.join(ACTIONS)}."
    raise BadInput(f"{item.key}.{key} = {to!r} leads nowhere;", remedy)


def _leads_back(items: tuple[Item, ...], at: int, branch: Branch) -> bool:
    return branch.action in ("repeat", "go") and _target(items, at, branch) <= at


def _target(items: tuple[Item, ...], at: int, branch: Branch) -> int:
    if branch.action != "go":
        return at
    return next(index for index, item in enumerate(items) if item.entry.name == branch.to)


def _refuse_fresh(items: tuple[Item, ...], at: int, branch: Branch) -> None:
    """Refuse a branch back over a step that mounts: electrodes are counted before the start."""
    for item in items[_target(items, at, branch) : at + 1]:
        mounting = next(_mounting(item), None)
        if mounting is not None:
            raise BadInput(
                f"{mounting.key}.fresh = true mounts a working electrode, and {items[at].key}.on leads back "
                "over it;",
                "put the steps into a block with repeat and fresh = true, and leave it on success.",
            )


def _mounting(item: Item) -> Iterator[Item]:
    if item.entry.fresh:
        yield item
    for each in item.items:
        yield from _mounting(each)
