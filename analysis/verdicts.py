"""Verdicts of the Kramers–Kronig test in words, and the flags of fits."""

from collections.abc import Sequence

import numpy as np

from analysis.batch import Batch
from analysis.consistency import MOST_SIGMA, Cuts
from core.records import Bools, KramersKronig

TOO_FEW = KramersKronig(False, float("nan"), None, "too few points, or too narrow a band, to test")
UNTESTED = KramersKronig(True, float("nan"), None, "not tested")
NOTHING = KramersKronig(False, float("nan"), None, "there is no fit to test")


LOUDEST = 0.05
"""Scatter relative to |Z| beyond which nothing can be said to be consistent."""


def verdicts(batch: Batch, cuts: Cuts, measured: np.ndarray | None = None) -> list[KramersKronig]:
    """Return for every spectrum what the test found and which low frequencies were dropped.

    Parameters
    ----------
    batch : Batch
    cuts : Cuts
    measured : ndarray of int, shape (N,), optional
        Points before the test, where the batch has been cut already.
    """
    lowest = batch.only_first(cuts.count).lowest()
    dropped = (batch.count if measured is None else measured) - cuts.count
    at_once, passed, testable = cuts.first.passed, cuts.last.passed, cuts.last.testable
    signed_mean, noise = cuts.last.signed_mean, cuts.last.noise
    found = []
    for row in range(len(batch)):
        if not testable[row]:
            found.append(TOO_FEW)
            continue
        loud = noise[row] > LOUDEST
        below = float(lowest[row]) if dropped[row] else None
        if loud:
            reason = f"the points scatter by {noise[row]:.0%} of |Z|, which hides everything else"
        elif at_once[row]:
            reason = ""
        else:
            reason = _reason(cuts, row, int(dropped[row]), float(lowest[row]))
        found.append(KramersKronig(bool(passed[row] and not loud), float(signed_mean[row]), below, reason))
    return found


def _reason(cuts: Cuts, row: int, dropped: int, lowest: float) -> str:
    mean, scatter = float(cuts.first.signed_mean[row]), float(cuts.first.scatter[row])
    if abs(mean) > MOST_SIGMA:
        why = f"Re Z of the lowest decade is {mean:+.1f} sigma off its Kramers–Kronig prediction"
    else:
        why = f"the lowest decade scatters {scatter:.1f} times more than the noise"
    what = f"dropped {dropped} points below {lowest:.3g} Hz" if dropped else "dropped no point"
    if cuts.last.passed[row]:
        return f"{why}; {what}"
    return f"{why}; {what}, and more would cost the interface arc: still inconsistent"


def flags_of(marks: Sequence[tuple[str, Bools]], count: int) -> list[tuple[str, ...]]:
    """Return the flags of each fit, in the order of the marks.

    Parameters
    ----------
    marks : sequence of (name, ndarray of bool, shape (N,))
    count : int
        N.
    """
    used: dict[str, Bools] = {}
    for name, rows in marks:
        if rows.any():
            used[name] = used[name] | rows if name in used else rows
    if not used:
        return [()] * count
    known: dict[bytes, tuple[str, ...]] = {}
    result = []
    for row in np.array(list(used.values())).T:
        key = row.tobytes()
        if key not in known:
            known[key] = tuple(name for name, on in zip(used, row, strict=True) if on)
        result.append(known[key])
    return result
