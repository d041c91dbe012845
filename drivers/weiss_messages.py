"""Messages of a S!MPAC controller: alarms, warnings and information."""

from core.errors import InstrumentError
from drivers.climate_chamber import ChamberMessage, MessageKind
from drivers.simserv import SimservRefusedError, WeissSimserv

KINDS: dict[int, MessageKind] = {1: "alarm", 2: "warning", 4: "info"}


def active_messages(wire: WeissSimserv) -> tuple[ChamberMessage, ...]:
    """Return the active messages; each of those the controller knows is asked for."""
    numbers = range(1, int(wire.get_number(17002)) + 1)
    active = [n for n in numbers if wire.get_switch(17009, n)]
    return tuple(ChamberMessage(n, _kind(wire, n), wire.get_text(17007, n)) for n in active)


def acknowledge(wire: WeissSimserv) -> None:
    """Acknowledge all messages; doing it twice does no harm, so a lost reply is no failure.

    Raises
    ------
    InstrumentError
        If the controller does not reply to it twice.
    """
    if not (wire.set(17012) or wire.set(17012)):
        raise InstrumentError(
            f"{wire.where} did not confirm that its messages were acknowledged.",
            "Acknowledge them at its panel.",
        )


def of_kind(messages: tuple[ChamberMessage, ...], kind: MessageKind, *, flagged: bool) -> tuple[str, ...]:
    """Return the texts of a kind; a flagged kind always has one, be it of unknown kind or unnamed."""
    if not flagged:
        return ()
    texts = tuple(each.text for each in messages if each.kind == kind)
    unknown = tuple(each.text for each in messages if each.kind == "unknown")
    return texts or unknown or (f"{kind} without a message",)


def _kind(wire: WeissSimserv, number: int) -> MessageKind:
    try:
        return KINDS.get(int(wire.get_number(17005, number)), "unknown")
    except SimservRefusedError:  # kinds are not documented by the vendor for every controller
        return "unknown"
