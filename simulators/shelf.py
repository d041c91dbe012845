"""The cells of a simulated bench: the one that is mounted, and those that lie beside it.

A cell that is taken out keeps what was done to it. Until it is mounted again it lies in the chamber
beside the press: no force acts on it, no current flows, and time passes for it at the chamber's
temperature.
"""

import zlib
from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.cell import Cell
from simulators.cell import SimulatedCell

Identity = tuple[object, ...]


class Shelf:
    """Simulated cells by name, and which of them is mounted since when.

    Parameters
    ----------
    overrides : mapping
        Parameters of the simulated cells, see `CellParameters.for_cell`.
    seed : int
        Of the cell that is mounted first; every other one draws from this seed and its own name.
    temperature, temperatures : callable
        Of the mounted cell in K, at one and at several bench seconds.
    force : callable
        Of the press in N at a bench second.
    first : Cell
        What is mounted from the beginning.

    Attributes
    ----------
    mounted : Cell
        As it was described when it was mounted.
    """

    def __init__(
        self,
        overrides: Mapping[str, Any],
        seed: int,
        temperature: Callable[[float], float],
        temperatures: Callable[[NDArray[np.float64]], NDArray[np.float64]],
        force: Callable[[float], float],
        first: Cell,
    ) -> None:
        self._overrides, self._seed = overrides, seed
        self._temperature, self._temperatures, self._force = temperature, temperatures, force
        self._pieces: dict[Identity, _Piece] = {}
        self.mounted = first
        piece = self._pieces[_identity(first)] = self._new(first, seed, 0.0)
        self._mounted: list[tuple[float, _Piece]] = [(0.0, piece)]

    @property
    def cell(self) -> SimulatedCell:
        """The simulated cell that is mounted now."""
        return self._mounted[-1][1].cell

    def holds(self, cell: Cell) -> bool:
        """Return whether this very cell is mounted now."""
        return _identity(cell) == _identity(self.mounted)

    def swap(self, cell: Cell, time: float) -> SimulatedCell:
        """Take the mounted cell out at a bench second and put another one in.

        A name that was mounted before brings back that cell as it was left, unless metal or sizes
        differ: then it is another cell. What its description says of its history counts once, when
        it is mounted for the first time.

        Raises
        ------
        BadInput
            If the parameters of the simulated cells do not suit this one; nothing is changed then.
        """
        identity = _identity(cell)
        if (piece := self._pieces.get(identity)) is None:
            piece = self._new(cell, self._seed_of(cell), time)
            self._pieces[identity] = piece
        before = self._mounted[-1][1]
        before.move(time, in_press=False)
        piece.move(time, in_press=True)
        self._mounted.append((time, piece))
        self.mounted = cell
        return piece.cell

    def truth(self, time: float) -> dict[str, float]:
        """Return what the cell that was mounted at `time` really was; see `SimulatedCell.truth`."""
        place = bisect_right(self._mounted, time, key=lambda each: each[0]) - 1
        return self._mounted[max(place, 0)][1].cell.truth(time)

    def _new(self, cell: Cell, seed: int, time: float) -> "_Piece":
        return _Piece(
            self._force,
            time,
            lambda force: SimulatedCell(
                cell, self._overrides, self._temperature, force, seed, time, self._temperatures
            ),
        )

    def _seed_of(self, cell: Cell) -> int:
        return self._seed + (zlib.crc32(cell.name.encode()) + 1 << 32)


class _Piece:
    """One cell that is in the press at times."""

    def __init__(
        self,
        press: Callable[[float], float],
        time: float,
        make: Callable[[Callable[[float], float]], SimulatedCell],
    ) -> None:
        self._press = press
        self._moves: tuple[tuple[float, bool], ...] = ((time, True),)
        self.cell = make(self._on_pellet)

    def move(self, time: float, *, in_press: bool) -> None:
        """Put it into the press or take it out at a bench second."""
        if in_press != self._moves[-1][1]:
            self._moves = (*self._moves, (time, in_press))
            self.cell.touch(time)
            self.cell.open_circuit(time)

    def _on_pellet(self, time: float) -> float:
        """Return the force on the pellet in N."""
        moves = self._moves
        if time >= moves[-1][0]:
            in_press = moves[-1][1]
        else:
            in_press = moves[max(0, bisect_right(moves, time, key=lambda each: each[0]) - 1)][1]
        return self._press(time) if in_press else 0.0


def _identity(cell: Cell) -> Identity:
    """Return what stays the same about a cell, however often it is described."""
    return (
        cell.name,
        cell.anode,
        cell.area,
        cell.pellet_area,
        cell.pellet_thickness,
        cell.foil_thickness,
        cell.counter.anode,
    )
