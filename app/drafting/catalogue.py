"""What there is to choose from: the protocols with their parameters, and the fields of a cell."""

import inspect
from functools import cache
from typing import Any, get_args

from app.drafting.cell_form import cell_fields
from app.drafting.words import short, shown_unit
from app.protocol_words import in_words
from core.cell import Anode
from protocols.parameters import (
    FloatListParameter,
    FloatParameter,
    IntegerParameter,
    ListParameter,
    OptionalFloatParameter,
    ResistanceParameter,
)
from protocols.protocol import Protocol
from protocols.registry import PROTOCOLS

KINDS: dict[type, str] = {
    FloatParameter: "number",
    OptionalFloatParameter: "optional number",
    FloatListParameter: "numbers",
    IntegerParameter: "integer",
    ListParameter: "choice",
    ResistanceParameter: "resistance",
}


@cache
def catalogue() -> dict[str, Any]:
    """Describe every protocol and the fields of a cell; JSON-able, see `app.drafting`."""
    return {
        "protocols": [_protocol(chosen) for chosen in PROTOCOLS.values()],
        "cell": cell_fields(),
        "anodes": list(get_args(Anode)),
    }


def _protocol(chosen: type[Protocol]) -> dict[str, Any]:
    paragraphs = inspect.cleandoc(chosen.__doc__ or "").split("\n\n")
    built = chosen()
    return {
        "name": chosen.__name__,
        "title": in_words(chosen.__name__),
        "summary": " ".join(paragraphs[0].split()),
        "details": "\n\n".join(" ".join(each.split()) for each in paragraphs[1:]),
        "spends_electrode": bool(chosen.spends_electrode),
        "parameters": [
            _parameter(chosen, name, declared, getattr(built, name))
            for name, declared in chosen.declared().items()
        ],
    }


def _parameter(chosen: type[Protocol], name: str, declared: Any, default: Any) -> dict[str, Any]:
    choices = getattr(declared, "choices", None)
    return {
        "name": name,
        "label": declared.name,
        "kind": KINDS[type(declared)],
        "units": shown_unit(getattr(declared, "units", None)),
        "default": _as_text(default, shown_unit(getattr(declared, "units", None))),
        "minimum": getattr(declared, "minimum", None),
        "maximum": getattr(declared, "maximum", None),
        "choices": None if choices is None else list(choices),
        "description": getattr(declared, "description", None) or "",
        "group": _group(chosen, name),
    }


def _as_text(value: Any, units: str) -> str | None:
    """Return a default as a file would hold it."""
    if value is None:
        return None
    if isinstance(value, tuple):
        return f"{', '.join(map(short, value))} {units}"
    if isinstance(value, float):
        return f"{short(value)} {units}"
    return str(value)


def _group(chosen: type[Protocol], name: str) -> str:
    """Return in words which set of shared parameters one belongs to."""
    owner = next(base for base in chosen.__mro__ if name in vars(base))
    return "own" if owner is chosen else in_words(owner.__name__.removesuffix("Parameters")).lower()
