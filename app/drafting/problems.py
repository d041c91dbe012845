"""What is wrong with a draft, each at the field where it has to be mended."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import ValidationError

from core.errors import StripbenchError


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Attributes
    ----------
    field : str
        Where, e.g. ``"parameters.current_density"``; empty where it is no single field.
    problem, remedy : str
        In words: what, and what to do about it.
    """

    field: str
    problem: str
    remedy: str = ""

    def under(self, place: str) -> "Problem":
        """Return it with its field below another, e.g. ``"steps.2"``."""
        return Problem(".".join(filter(None, (place, self.field))), self.problem, self.remedy)

    def as_json(self) -> dict[str, str]:
        """Return it as a table."""
        return asdict(self)


def of_error(field: str, error: StripbenchError) -> Problem:
    """Return a refusal as a problem of a field."""
    return Problem(field, error.problem, error.remedy)


def of_findings(
    error: ValidationError, place: str, given: Mapping[str, Any], whole: str = ""
) -> list[Problem]:
    """Return every finding of pydantic as a problem at its own field.

    Parameters
    ----------
    error : ValidationError
    place : str
        Where the table that was checked stands.
    given : mapping
        The table, to show what was typed.
    whole : str, optional
        The field at which to show what is wrong with the table as a whole.
    """
    return list(_findings(error, place, given, whole))


def _findings(error: ValidationError, place: str, given: Any, whole: str) -> Iterable[Problem]:
    for finding in error.errors(include_url=False):
        key = ".".join(str(part) for part in finding["loc"])
        field = ".".join(filter(None, (place, key))) if key else whole or place
        if finding["type"] == "extra_forbidden":
            yield Problem(field, f"{key} is not known;", "remove it or check its spelling.")
        elif finding["type"] == "missing" or _is_blank(finding):
            yield Problem(field, f"{key.rpartition('.')[2].replace('_', ' ')} is missing;", "fill it in.")
        else:
            yield Problem(field, *_in_words(finding, _typed(given, finding)))


def _typed(given: Any, finding: Any) -> Any:
    """Return what was typed where something was found, rather than what it was turned into."""
    for part in finding["loc"]:
        if not isinstance(given, Mapping) or part not in given:
            return finding["input"]
        given = given[part]
    return given


def _in_words(finding: Any, typed: Any) -> tuple[str, str]:
    message = finding["msg"].removeprefix("Value error, ").rstrip(".")
    if message.startswith("Input should "):
        return f"{typed!r} is refused:", f"it {message.removeprefix('Input ')}."
    problem, _, remedy = message.partition("; ")
    return (f"{problem};", f"{remedy}.") if remedy else (f"{problem}.", "")


def _is_blank(finding: Any) -> bool:
    return finding["type"] == "string_too_short" and finding["input"] == ""
