"""Requests to the operator and readings by hand, between the journal and those who ask."""

from collections.abc import Callable

from app.runner.station import ReadByHand, Station
from core.errors import StripbenchError
from core.requests import Request
from core.units import parse_quantity
from storage import Journal


class JournalBook:
    """Keeps requests in a run's journal; see `protocols.desk.Book`."""

    def __init__(self, journal: Journal, now: Callable[[], float]) -> None:
        self._journal, self._now = journal, now

    def request(self, request: Request, time: float) -> int:
        """Keep a request durably; return its id."""
        details = {
            "kind": request.kind,
            "target_N": request.target,
            "tolerance_N": request.tolerance,
            "hold_s": request.hold,
            "timeout_s": request.timeout if request.timeout < float("inf") else None,
            "cell": None if request.cell is None else request.cell.name,
            "working_electrode": request.working_electrode,
        }
        return self._journal.request(request.question, time, request.options, details)

    def answer_request(self, number: int, answer: str, author: str) -> None:
        """Keep how it came to its end."""
        self._journal.answer_request(number, answer, author, self._now())


def enter_force(station: Station) -> Callable[[str], str]:
    """Return what takes a force that an operator read from a display, and answers."""

    def enter(text: str) -> str:
        try:
            gauge = station.bench.gauge
            if not isinstance(gauge, ReadByHand):
                return "enter: nothing done, the gauge of this bench is read by wire"
            try:
                newtons = parse_quantity(text, "N")
            except StripbenchError:
                newtons = parse_quantity(text, "MPa") * 1e6 * station.mounted.pellet_area
            gauge.enter(newtons)
        except (StripbenchError, RuntimeError) as error:
            return f"enter: nothing done, {error}"
        return f"enter: {newtons:g} N taken"

    return enter
