"""All kinds of figures, by name."""

import difflib
from typing import TYPE_CHECKING

from app.figures import (
    alloy_model,
    conditions,
    cycling,
    diffusion,
    energies,
    metals,
    nyquist,
    pressure,
    relaxation,
    sand,
)
from app.figures.kind import FigureKind
from core.errors import BadInput

if TYPE_CHECKING:
    from app.conclusions import Conclusions


def _place(kind: FigureKind) -> tuple[int, int, str]:
    """Return where a kind stands: as in the paper, its supporting figures after, others last."""
    number = kind.paper.split(",")[0]
    digits = "".join(letter for letter in number if letter.isdigit())
    if not digits:
        return 2, 0, kind.name
    return int(number.startswith("S")), int(digits), number


_KINDS = (
    *metals.KINDS,
    *nyquist.KINDS,
    *relaxation.KINDS,
    *conditions.KINDS,
    *sand.KINDS,
    *diffusion.KINDS,
    *alloy_model.KINDS,
    *energies.KINDS,
    *pressure.KINDS,
    *cycling.KINDS,
)

FIGURES: dict[str, FigureKind] = {kind.name: kind for kind in sorted(_KINDS, key=_place)}
"""Kinds of figures by their names, in the order of the paper."""


def figure_named(name: str) -> FigureKind:
    """Return a kind of figure by its name, or by its number in the paper, e.g. ``"fig5c"``.

    Raises
    ------
    BadInput
        If there is none, naming those that come near.
    """
    wanted = name.strip().lower().replace("_", "-")
    by_name = {known.lower(): kind for kind in FIGURES.values() for known in (kind.name, *kind.aliases)}
    if wanted in by_name:
        return by_name[wanted]
    near = difflib.get_close_matches(wanted, by_name, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}? " if near else ""
    raise BadInput(f"there is no figure {name!r};", f"{hint}`stripbench figure list` shows all of them.")


def possible(conclusions: "Conclusions") -> list[FigureKind]:
    """Return the kinds of figures that some conclusions allow, in the order of the paper."""
    return [kind for kind in FIGURES.values() if not kind.missing(conclusions)]
