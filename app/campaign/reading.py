"""Reading a campaign file, and the files it includes, into one tree of entries."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from core.campaign import CampaignFile, CellKind, Entry
from core.errors import BadInput
from core.files import explain
from drivers.bench import read_text
from protocols.protocol import Protocol
from protocols.registry import protocol


@dataclass(frozen=True)
class Item:
    """An entry of a list of steps, with what it holds and where it stands.

    `key` names file and place, e.g. ``"fig5.toml: steps.2.steps.1"``; steps are counted from 1.
    `place` is the place alone. `seed` is that of its file.
    """

    entry: Entry
    key: str
    place: str
    seed: int
    items: "tuple[Item, ...]" = ()

    @property
    def leaves(self) -> "Iterator[Item]":
        """The steps with a protocol in it, itself included."""
        if self.entry.protocol:
            yield self
        for item in self.items:
            yield from item.leaves

    @property
    def protocol(self) -> type[Protocol]:
        """The class of its protocol.

        Raises
        ------
        BadInput
            If there is none of that name.
        """
        try:
            return protocol(self.entry.protocol)
        except BadInput as error:
            raise BadInput(f"{self.key}: {error.problem}", error.remedy) from None


@dataclass
class Loaded:
    """A campaign file and all it includes: kinds of cells by name, entries, and texts by path."""

    file: CampaignFile
    source: str
    items: tuple[Item, ...] = ()
    kinds: dict[str, CellKind] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


def load(path: Path) -> Loaded:
    """Read a campaign file.

    Raises
    ------
    BadInput
        Naming file, key, value and remedy.
    """
    return _load(path, ())


def load_text(text: str, source: str, folder: Path = Path()) -> Loaded:
    """Read a campaign from its text; `folder` is where the files it names are looked for."""
    return _load_text(text, source, folder, ())


def parse_toml(text: str, source: str) -> dict[str, Any]:
    """Parse TOML; `source` names the file in the message of the BadInput raised where it is not."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{source} is not valid TOML: {error};", "mend that line.") from None


def _load(path: Path, within: tuple[Path, ...]) -> Loaded:
    text = read_text(path, "campaign file", "check the path; examples lie in examples/.")
    return _load_text(text, str(path), path.parent, (*within, path.resolve()))


def _load_text(text: str, source: str, folder: Path, within: tuple[Path, ...]) -> Loaded:
    tables = parse_toml(text, source)
    try:
        loaded = Loaded(CampaignFile.model_validate(tables), source, texts={source: text})
    except ValidationError as error:
        raise explain(error, source) from None
    for name, table in loaded.file.cells.items():
        _merge(loaded, name, _kind(loaded, name, table, folder))
    entries = enumerate(loaded.file.steps, 1)
    loaded.items = tuple(_item(loaded, each, f"steps.{n}", folder, within) for n, each in entries)
    return loaded


def _kind(loaded: Loaded, name: str, table: dict[str, Any], folder: Path) -> CellKind:
    """Check one ``[cells.name]``, on top of the cell file it may name."""
    given, source = dict(table), loaded.source
    file = given.pop("file", None)
    if file is not None:
        if not isinstance(file, str):
            raise BadInput(f"{source}: cells.{name}.file = {file!r} is not a path;", "write it in quotes.")
        path = folder / file
        text = read_text(path, "cell file", f"check cells.{name}.file in {source}.")
        loaded.texts[str(path)] = text
        given, source = laid_over(parse_toml(text, str(path)), given), f"{source} with {path}"
    try:
        kind = CellKind.model_validate(given)
        kind.electrode(0)
    except ValidationError as error:
        raise explain(error, source, f"cells.{name}") from None
    return kind


def laid_over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Lay tables over those of a cell file, key by key."""
    merged = below | above
    for key, value in above.items():
        if isinstance(value, dict) and isinstance(below.get(key), dict):
            merged[key] = laid_over(below[key], value)
    return merged


def _merge(loaded: Loaded, name: str, kind: CellKind) -> None:
    """Add a kind to those of the campaign: each file brings its own working electrodes."""
    known = loaded.kinds.get(name)
    if known is None:
        loaded.kinds[name] = kind
        return
    ours, theirs = (each.model_dump(exclude={"count"}) for each in (known, kind))
    differ = [key for key in ours if ours[key] != theirs[key]]
    if differ:
        raise BadInput(
            f"{loaded.source}: cells.{name} differs from the cells.{name} of another file in "
            f"{', '.join(differ)};",
            "give one of them another name, or let both read the same cell file.",
        )
    loaded.kinds[name] = known.model_copy(update={"count": known.count + kind.count})


def _item(loaded: Loaded, entry: Entry, place: str, folder: Path, within: tuple[Path, ...]) -> Item:
    key = f"{loaded.source}: {place}"
    if entry.include:
        items = _include(loaded, entry.include, key, folder, within)
    else:
        inner = enumerate(entry.steps or (), 1)
        items = tuple(_item(loaded, each, f"{place}.steps.{n}", folder, within) for n, each in inner)
    return Item(entry, key, place, loaded.file.seed, items)


def _include(
    loaded: Loaded, named: str, key: str, folder: Path, within: tuple[Path, ...]
) -> tuple[Item, ...]:
    path = folder / named
    if path.resolve() in within:
        chain = " includes ".join(each.name for each in (*within, path))
        raise BadInput(
            f"{key}.include = {named!r}: {chain}, which never ends;", "remove one of the includes."
        )
    if not path.is_file():
        raise BadInput(
            f"{key}.include = {named!r}: there is no campaign file {str(path)!r};",
            "check the path, which starts in the folder of this file.",
        )
    included = _load(path, within)
    for name, kind in included.kinds.items():
        _merge(loaded, name, kind)
    loaded.texts.update(included.texts)
    return included.items
