"""A step as the runner does it, and a script makes it: a protocol and the cell it is done to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.cell import Cell
from protocols.protocol import Protocol


@dataclass(frozen=True)
class Step:
    """One run of a campaign before it starts.

    Attributes
    ----------
    protocol : Protocol
        With its parameters; an object of its own, never run before.
    cell : Cell
        With the number of the working electrode on its counter.
    path : str
        Where it stands in the campaign, e.g. ``"5.fig4/2.strip"``; unique within the campaign.
        ``~2`` follows the label of what is done a second time because a branch led back.
    fresh : bool
        Whether this is the first step of this campaign on this working electrode.
    working_electrode : str
        For the operator: ``"WE 2 of 6 on this counter"``.
    allow_spent : bool
        Whether it may be done to a depleted or shorted electrode.
    values : dict
        Those of the for-each and repeats around it, e.g. ``{"current_density": "50 µA/cm²", "round": 1}``.
    key : str
        Where the file says it, e.g. ``"fig5.toml: steps.2"``; empty in a script.
    """

    protocol: Protocol
    cell: Cell
    path: str = ""
    fresh: bool = True
    working_electrode: str = ""
    allow_spent: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
