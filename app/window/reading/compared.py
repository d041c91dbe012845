"""What is compared of one run, and reading it piece by piece."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from app.conclusion import Transition, current_on, transition
from app.fit_versions import LIVE_VERSION
from app.window.reading.series import Pyramid
from app.window.reading.snapshot import RESERVATIONS
from core.records import Floats, Value
from storage import RunHeader, RunReader, RunSummary, StoredFit

NOTHING: Floats = np.empty(0)


@dataclass(frozen=True, eq=False)
class Compared:
    """What is compared of one run; times in s and charges in C since the current was first on.

    Attributes
    ----------
    summary : RunSummary
    header : RunHeader
    began : float or None
        Bench seconds of the first current; None if there was none, and times are then bench seconds.
    transition : Transition or None
        Its t0.
    time : ndarray, shape (n,)
        Of the fits that something is concluded from, from the current on.
    r_int, c_int : ndarray, shape (n,)
        Ω and F.
    charge : ndarray, shape (n,)
        That had passed, in either direction, by then.
    left_out : int
        Fits under current that nothing is concluded from.
    reference : tuple of float or None
        R_int and C_int of the last such fit before the current.
    charge_at_t0, charge_in_all : float
        nan where it is not known.
    voltage : Pyramid
        E in V.
    complete : bool
        Whether all that was there has been read.
    """

    summary: RunSummary
    header: RunHeader
    began: float | None
    transition: Transition | None
    time: Floats
    r_int: Floats
    c_int: Floats
    charge: Floats
    left_out: int
    reference: tuple[float, float] | None
    charge_at_t0: float
    charge_in_all: float
    voltage: Pyramid
    complete: bool


class Track:
    """Reads one run, asking only for what it does not have yet.

    Parameters
    ----------
    reader : RunReader
    """

    def __init__(self, reader: RunReader) -> None:
        self.reader = reader
        self.summary: RunSummary | None = None
        self._began: float | None = None
        self._transition: Transition | None = None
        self._fits: dict[int, tuple[float, float, float, float]] = {}
        self._refits: list[tuple[str, int]] = []
        self._seen = {"fit": 0, "E": 0, "Q": 0}
        self._voltage = Pyramid()
        self._charge_time, self._charge = NOTHING, NOTHING

    def parts(self) -> Iterator[Compared]:
        """Read all that is new, giving what there is after each part."""
        self.summary = self.reader.summary()
        began = current_on(self.reader)
        if began != self._began:
            # Times count from the current, which had not been on before.
            self._began, self._voltage, self._seen["E"] = began, Pyramid(), 0
        self._transition = transition(self.reader)
        self._read_fits()
        self._read_charge()
        yield self._compared(complete=False)
        self._read_voltage()
        yield self._compared(complete=True)

    def _read_fits(self) -> None:
        """Read the latest fits with the circuits that the run decided by; others mean something else."""
        refits = self.reader.refits()
        if refits != self._refits:
            # The fits of a refit appear all at once, in the place of others that were read before.
            self._refits, self._fits, self._seen["fit"] = refits, {}, 0
        decided_by = {each.model for each in self.reader.fit_versions() if each.version == LIVE_VERSION}
        after = self._seen["fit"]
        for model in sorted(decided_by):
            for stored in self.reader.fits(after, model=model):
                self._seen["fit"] = max(self._seen["fit"], stored.id)
                self._fits[stored.spectrum] = _row(stored)

    def _read_charge(self) -> None:
        ids, time, value = self.reader.readings("Q", self._seen["Q"])
        if len(ids):
            self._seen["Q"] = int(ids[-1])
            self._charge_time = np.concatenate([self._charge_time, time])
            self._charge = np.concatenate([self._charge, value])

    def _read_voltage(self) -> None:
        ids, time, value = self.reader.readings("E", self._seen["E"])
        if len(ids):
            self._seen["E"] = int(ids[-1])
            self._voltage.extend(time - (self._began or 0.0), value)

    def _passed(self, time: Floats) -> Floats:
        """Return the charge that had passed since the current was on, whichever way it went."""
        if self._began is None or not len(self._charge):
            return np.full(len(time), np.nan)
        steps = np.abs(np.diff(self._charge, prepend=0.0))
        passed = np.cumsum(steps)
        before = np.interp(self._began, self._charge_time, passed, left=0.0)
        return np.asarray(np.interp(time, self._charge_time, passed, left=before) - before)

    def _compared(self, complete: bool) -> Compared:
        assert self.summary is not None
        began = self._began
        rows = np.array([row for _, row in sorted(self._fits.items())]).reshape(-1, 4)
        usable = (rows[:, 3] == 0) & np.all(np.isfinite(rows[:, :3]), axis=1)
        flowing = rows[:, 0] > began if began is not None else np.zeros(len(rows), dtype=bool)
        before, shown = rows[usable & ~flowing], rows[usable & flowing]
        origin = began or 0.0
        t0 = self._transition.seconds if self._transition and self._transition.depleted else np.nan
        ends = np.array([t0 + origin, self._charge_time[-1] if len(self._charge_time) else np.nan])
        at_t0, in_all = self._passed(ends)
        return Compared(
            self.summary,
            self.reader.header,
            began,
            self._transition,
            time=shown[:, 0] - origin,
            r_int=shown[:, 1],
            c_int=shown[:, 2],
            charge=self._passed(shown[:, 0]),
            left_out=int(np.sum(flowing & ~usable)),
            reference=(float(before[-1, 1]), float(before[-1, 2])) if len(before) else None,
            charge_at_t0=float(at_t0),
            charge_in_all=float(in_all),
            voltage=self._voltage,
            complete=complete,
        )


def _row(stored: StoredFit) -> tuple[float, float, float, float]:
    """Return time, R_int, C_int, and whether nothing is concluded from it."""
    fit, unknown = stored.fit, Value(np.nan, np.nan)
    r_int, c_int = (fit.parameters.get(name, unknown).value for name in ("R_int", "C_int"))
    return fit.time, r_int, c_int, float(bool(RESERVATIONS.intersection(fit.flags)))
