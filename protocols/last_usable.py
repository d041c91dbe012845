"""The last fit of a step that a conclusion may rest on."""

from collections.abc import Iterable

from core.records import Fit
from protocols.decisions import KeptFit, usable


class LastUsable:
    """Follows the fits of a step and keeps the newest that a conclusion about R_int may rest on.

    Parameters
    ----------
    fits : iterable of KeptFit
        Those there are already.
    """

    def __init__(self, fits: Iterable[KeptFit] = ()) -> None:
        self.fit: Fit | None = None
        for kept in fits:
            self.see(kept)

    def see(self, kept: KeptFit) -> bool:
        """Take note of the next fit; it is no reason to end anything, so this is False."""
        if usable(kept.fit):
            self.fit = kept.fit
        return False
