"""Digital channels of a S!MPAC controller, found by name.

Their numbers differ from chamber to chamber and the wrong one may do damage, so a number is never
typed in. The controller answers names by channel number, but counts the start channel as number
one when switching: the argument is the number plus one.
"""

import re

from core.errors import InstrumentError
from drivers.read_back import write_verified
from drivers.simserv import WeissSimserv

MEANINGS = {
    "dryer": ("dryer", "trockner", "dehumidif", "entfeucht"),
    "dry air": ("compressed air", "druckluft", "dry air", "trockenluft", "n2"),
    "compressed air": ("compressed air", "druckluft"),
    "condensation protection": ("condensation", "kondensation"),
}
"""What people ask for, and parts of the names that controllers give it (English and German)."""


class DigitalChannels:
    """The customer's digital channels.

    Parameters
    ----------
    wire : WeissSimserv
    """

    def __init__(self, wire: WeissSimserv) -> None:
        self._wire = wire
        self._arguments: dict[str, int] | None = None

    def arguments(self) -> dict[str, int]:
        """Return the name of each channel that has one, and the argument that switches it."""
        if self._arguments is None:
            count = int(self._wire.get_number(14007))
            names = {k: self._wire.get_text(14010, k) for k in range(1, count + 1)}
            self._arguments = {name: k + 1 for k, name in names.items() if name}
        return self._arguments

    def find(self, name: str) -> str:
        """Return the full name of the channel that is meant.

        Its own name is meant first, then the only one that contains `name` as whole words, then
        the only one that is called like what `name` stands for.

        Raises
        ------
        InstrumentError
            If there is none, or more than one.
        """
        asked, names = name.strip().casefold(), tuple(self.arguments())
        exact = [each for each in names if each.casefold() == asked]
        words = re.compile(rf"(?<!\w){re.escape(asked)}(?!\w)")
        containing = [each for each in names if asked and words.search(each.casefold())]
        meanings = MEANINGS.get(asked, ())
        alike = [each for each in names if any(part in each.casefold() for part in meanings)]
        found = exact or containing or alike
        if len(found) == 1:
            return found[0]
        raise InstrumentError(
            f"{self._wire.where} has {'no' if not found else 'more than one'} digital channel {name!r}.",
            f"It has: {', '.join(names) or 'none'}. Write the name of one of them.",
        )

    def is_on(self, name: str) -> bool:
        """Return whether a channel is on."""
        return self._wire.output(self.arguments()[self.find(name)])

    def switch(self, name: str, on: bool) -> None:
        """Switch a channel and verify it; see `ClimateChamber.switch`."""
        full = self.find(name)
        argument = self.arguments()[full]
        write_verified(
            self._wire.where,
            lambda: self._wire.set(14001, argument, int(on)),
            lambda: self._wire.output(argument) == on,
            f"switched {full!r} {'on' if on else 'off'}",
        )
