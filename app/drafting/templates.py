"""Templates: experiments kept in a folder as plain files, beside those that are built in.

Nothing is overwritten unless that is asked for, and nothing is deleted: what is replaced or removed lies
in the folder ``removed`` beside the others, and comes back by being moved there.
"""

import re
from pathlib import Path
from typing import Any

from app.drafting.asked import Draft, read
from app.drafting.checking import experiment_file
from app.drafting.opening import experiment_draft
from app.drafting.paper import paper_drafts
from app.drafting.reading import read_typed
from app.runner.job import parse_toml
from core.clock import utc_now
from core.errors import BadInput
from drivers.bench import read_text

REMOVED = "removed"
LONGEST = 80
_NAME = re.compile(r"[^\W_][\w .,+()µ°%²=-]*")
_WINDOWS = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)
"""Names that one operating system keeps for itself."""


def templates(folder: Path | str) -> list[dict[str, Any]]:
    """List the templates, the built-in ones first; see `app.drafting`."""
    found = [_entry(name, draft, built_in=True) for name, draft in paper_drafts().items()]
    for path in sorted(Path(folder).glob("*.toml"), key=lambda each: each.name.casefold()):
        try:
            text = read_text(path, "template", "check the file.")
            draft = experiment_draft(parse_toml(text, str(path)), str(path), path.parent)
        except BadInput as error:
            found.append({"name": path.stem, "built_in": False, "problem": str(error)})
        else:
            found.append(_entry(path.stem, draft, built_in=False))
    return found


def _entry(name: str, draft: dict[str, Any], *, built_in: bool) -> dict[str, Any]:
    title, protocol = draft["title"], draft["protocol"]
    return {"name": name, "built_in": built_in, "title": title, "protocol": protocol, "draft": draft}


def save_template(folder: Path | str, name: str, draft: Any, *, replace: bool = False) -> dict[str, Any]:
    """Keep a draft as a template; return its name and path.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    name : str
    draft : dict
        Of bench and store nothing is kept.
    replace : bool
        Whether a template of this name makes room; it is moved to the folder of removed ones.

    Raises
    ------
    BadInput
        If the name cannot be that of a file or is taken, or a field of the draft holds what it cannot.
    """
    path = _path(folder, name)
    text = _as_file(draft)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if replace and path.exists():
            _put_away(path)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise BadInput(
            f"there is a template {name!r} already;", "choose another name, or replace it."
        ) from None
    except OSError as error:
        raise BadInput(
            f"the template {str(path)!r} cannot be written: {error};", "check the folder."
        ) from None
    return {"name": name, "path": str(path)}


def remove_template(folder: Path | str, name: str) -> dict[str, Any]:
    """Move a template to the folder of removed ones; return where it lies now.

    Raises
    ------
    BadInput
        If there is none of that name in the folder.
    """
    path = _path(folder, name)
    if not path.is_file():
        raise BadInput(f"there is no template {name!r} in {str(folder)!r};", "reload the list.")
    try:
        return {"name": name, "path": str(_put_away(path))}
    except OSError as error:
        raise BadInput(f"the template {str(path)!r} cannot be moved: {error};", "check the folder.") from None


def _path(folder: Path | str, name: str) -> Path:
    fine = (
        isinstance(name, str) and len(name) <= LONGEST and _NAME.fullmatch(name) and name == name.rstrip(" .")
    )
    if not fine or name.casefold() in _WINDOWS:
        raise BadInput(
            f"{name!r} cannot be the name of a template;",
            f'begin with a letter or digit, at most {LONGEST} characters, none of / \\ : * ? " < > |.',
        )
    if name.casefold() in {each.casefold() for each in paper_drafts()}:
        raise BadInput(f"{name!r} is the name of a built-in template;", "choose another.")
    return Path(folder) / f"{name}.toml"


def _as_file(draft: Any) -> str:
    asked = read(Draft, draft, "the draft")
    typed = read_typed(asked)
    if typed.problems:
        words = "; ".join(f"{each.field}: {each.problem.rstrip(';:.')}" for each in typed.problems)
        raise BadInput(f"the draft cannot be kept yet: {words};", "mend these fields.")
    return experiment_file(typed, asked.title, asked.notes)


def _put_away(path: Path) -> Path:
    """Move a file to the folder of removed ones, under a name that nothing has there."""
    folder = path.parent / REMOVED
    folder.mkdir(exist_ok=True)
    stem = f"{path.stem} {utc_now():%Y-%m-%d %H-%M-%S}"
    target, number = folder / f"{stem}.toml", 1
    while target.exists():
        number += 1
        target = folder / f"{stem} ({number}).toml"
    return path.replace(target)
