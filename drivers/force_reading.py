"""One reading of a force gauge."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ForceReading:
    """One reading: force in N (compression positive), its resolution in N, and the reply itself."""

    force: float
    resolution: float
    text: str
    overload: bool = False
