"""Concentration profiles in a foil that is being stripped, as it lies there: Fig. 9."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.diffusion.depleting import deplete
from analysis.diffusion.following import Stretch, follow
from analysis.diffusion.material import Alloy
from analysis.diffusion.mesh import Mesh
from core.errors import BadInput
from core.records import Floats

_SAME = 1e-6
"""Relative difference of a time from that of depletion, to be the same one."""


@dataclass(frozen=True, eq=False)
class Profile:
    """A foil at one time, from its far side to the interface.

    Attributes
    ----------
    time : float
        s since the current began.
    position : ndarray, shape (n,)
        m from the far side. In the conserving frame the foil is thinner than it was.
    concentration : ndarray, shape (n,)
        mol/m³ of lithium.
    share : ndarray, shape (n,)
        x of magnesium.
    thickness : float
        m of the foil now; the interface is there, and the last of the positions.
    """

    time: float
    position: Floats
    concentration: Floats
    share: Floats
    thickness: float

    @property
    def depth(self) -> Floats:
        """Below the interface in m, shape (n,)."""
        return self.thickness - self.position


def profiles(
    alloy: Alloy, thickness: float, density: float, times: Sequence[float] = ()
) -> tuple[list[Profile], float]:
    """Return profiles at some times of a constant current, and when it depletes the interface.

    Parameters
    ----------
    thickness, density : float
        m and A/m², both positive.
    times : sequence of float
        s, positive; by default a quarter, a half, three quarters and the whole of the time of depletion.

    Returns
    -------
    profiles : list of Profile
        In order of time, without repeats.
    depletion : float
        s.

    Raises
    ------
    BadInput
        For a time after depletion, when the current could not have flowed any more.
    """
    end = float(deplete(alloy, thickness, np.array([density])).time[0])
    wanted = sorted(set(times)) or [end * part for part in (0.25, 0.5, 0.75, 1.0)]
    if wanted[-1] > end * (1 + _SAME):
        raise BadInput(
            f"after {wanted[-1] / 3600:.4g} h there is no profile: the interface is depleted "
            f"after {end / 3600:.4g} h;",
            "ask for earlier times.",
        )
    if wanted[0] <= 0:
        raise BadInput(f"a time of {wanted[0]:g} s is refused;", "it has to be above zero.")
    durations = np.diff([0.0, *wanted])
    course = follow(alloy, thickness, [Stretch(float(each), density) for each in durations])
    return [
        _profile(alloy, course.mesh, content, time, float(course.surface[last]))
        for time, content, last in zip(wanted, course.content, course.ends, strict=True)
    ], end


def _profile(alloy: Alloy, mesh: Mesh, content: Floats, time: float, surface: float) -> Profile:
    share = alloy.share(np.append(content, surface))
    width = mesh.width[0]
    if alloy.frame == "conserving":
        width = width * alloy.magnesium / share[:-1]
    edge = np.cumsum(width)
    position = np.append(edge - width / 2, edge[-1])
    return Profile(time, position, alloy.sites * (1 - share), share, float(edge[-1]))
