"""What a run produces: spectra, readings, fits, decisions and events. SI and absolute throughout."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]
Bools = NDArray[np.bool_]


class RunState(StrEnum):
    """The states a run can be in; *waiting* is for the operator, *interrupted* is found by the reader."""

    RUNNING = "running"
    PAUSED = "paused"
    WAITING = "waiting"
    FINISHED = "finished"
    STOPPED = "stopped"
    ABORTED = "aborted"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class Ended(StrEnum):
    """How a run ended, in the one word that what follows it may depend on."""

    FINISHED = "finished"
    CUT_OFF = "cut-off"
    LIMIT = "limit"
    DEPLETED = "depleted"
    SHORTED = "shorted"
    NOT_REACHED = "not reached"
    STOPPED = "stopped"
    SKIPPED = "skipped"
    TIMED_OUT = "timed out"
    ABORTED = "aborted"
    INTERLOCK = "interlock"
    FAILED = "failed"


@dataclass(frozen=True, eq=False)
class Spectrum:
    """One impedance sweep as measured, never changed afterwards.

    Attributes
    ----------
    technique : str
        ``"PEIS"`` or ``"GEIS"``; ``"EIS"`` where a file does not say what was controlled.
    frequency, time, voltage, current, voltage_amplitude, current_amplitude : ndarray, shape (n,)
        Hz; bench seconds at which each frequency was finished; mean E and mean I in V and A; and
        the measured peak amplitudes in V and A.
    impedance : ndarray of complex, shape (n,)
        Ω; a capacitive response has a negative imaginary part.
    amplitude : float
        The amplitude asked for: peak, A for GEIS and V for PEIS.
    pass_number : int
        Which pass of a looped program, from 0.
    """

    technique: str
    frequency: Floats
    impedance: Complexes
    time: Floats
    voltage: Floats
    current: Floats
    voltage_amplitude: Floats
    current_amplitude: Floats
    amplitude: float
    pass_number: int = 0

    @property
    def mid_time(self) -> float:
        """Bench seconds at the middle of the sweep."""
        return (float(self.time[0]) + float(self.time[-1])) / 2

    def __len__(self) -> int:
        return len(self.frequency)


@dataclass(frozen=True)
class Reading:
    """One scalar as an instrument gave it.

    `quantity` is a short symbol with SI unit: ``E`` V, ``I`` A, ``Q`` C, ``F`` N, ``T`` K,
    ``T_set`` K.
    """

    time: float
    instrument: str
    quantity: str
    value: float


@dataclass(frozen=True)
class Value:
    """A fitted number with its standard error, in SI and absolute; nan where it is not known."""

    value: float
    stderr: float


@dataclass(frozen=True)
class KramersKronig:
    """Verdict of the linear Kramers–Kronig test.

    Attributes
    ----------
    passed : bool
        Whether the whole unmasked spectrum is consistent.
    signed_mean : float
        Signed mean of the Re residuals of the lowest decade, in units of its own sigma.
    dropped_below : float or None
        Lowest frequency kept, in Hz, where points had to be dropped; None if none were.
    reason : str
        Why points were dropped, in words; empty if none were.
    """

    passed: bool
    signed_mean: float
    dropped_below: float | None = None
    reason: str = ""


@dataclass(frozen=True, eq=False)
class Fit:
    """The meaning given to one spectrum by one model; refitting makes another one.

    Attributes
    ----------
    model : str
        Name of the circuit.
    version : int
        1 for the fit made while the run went on; refits count up.
    time : float
        Bench seconds the parameters belong to: the middle of the sweep.
    parameters : dict of str to Value
        ``R_bulk, R_gb, R_int`` in Ω, ``C_int`` (Hsu–Mansfeld, τ/R) and ``C_int_brug`` in F,
        ``tau_int`` in s, ``alpha_int``, ``L`` in H, … absolute, not areal.
    free : tuple of str
        The fitted quantities in the order of the covariance, e.g. ``"ln R_int"``.
    covariance : ndarray, shape (p, p)
    mask : ndarray of bool, shape (n,)
        True for points that were used.
    weights : str
        How residuals were weighted, e.g. ``"modulus"``.
    rms_residual : float
        Root mean square of the relative residuals of the points used.
    kramers_kronig : KramersKronig
    flags : tuple of str
        Reservations, e.g. ``"below resolution"``, ``"truncated arc"``, ``"poor fit"``.
    smoothed : dict of str to Value
        The same parameters seen together with the sweeps around this one; empty where nothing was
        smoothed. What was fitted alone stays in `parameters`.
    smoothing : str
        How: ``"causal"`` from this sweep and those before it, ``"two-sided"`` from the whole run,
        empty where nothing was smoothed.
    """

    model: str
    version: int
    time: float
    parameters: dict[str, Value]
    free: tuple[str, ...]
    covariance: Floats
    mask: Bools
    weights: str
    rms_residual: float
    kramers_kronig: KramersKronig
    flags: tuple[str, ...] = ()
    smoothed: dict[str, Value] = field(default_factory=dict)
    smoothing: str = ""

    def __getitem__(self, name: str) -> float:
        return self.parameters[name].value


@dataclass(frozen=True)
class Decision:
    """Something the protocol concluded from fits, with what it was concluded from.

    Attributes
    ----------
    rule : str
        Name of the rule, e.g. ``"depleted"``.
    outcome : str
        What was concluded, in words.
    time : float
        Bench seconds.
    parameters : dict
        The rule's parameters and computed values, JSON-able.
    fits : tuple of int
        Identifiers of the fits it was made from.
    changes_bench : bool
        Whether what the instruments do changes because of it.
    """

    rule: str
    outcome: str
    time: float
    parameters: dict[str, Any] = field(default_factory=dict)
    fits: tuple[int, ...] = ()
    changes_bench: bool = False


TOLD_TO_RULES = "rule"
"""Kind of the events that keep what rules were told besides fits; for replays, not for people."""


@dataclass(frozen=True)
class Event:
    """Something that happened to the cell or the bench, e.g. ``"current on"``.

    `severity` is ``"info"``, ``"warning"`` or ``"alarm"``.
    """

    kind: str
    message: str
    time: float
    severity: str = "info"
    data: dict[str, Any] = field(default_factory=dict)
