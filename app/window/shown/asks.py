"""What a run asks of the person at the bench, as a card says it: what, since when, and what answers do."""

from dataclasses import dataclass
from datetime import timedelta

from app.window.reading.snapshot import Snapshot
from app.window.shown.depletion import bench_now
from app.window.shown.dial import Dial, decimals, dial, read_by_hand
from app.window.shown.format import age, clock, fixed
from core.cell import Cell
from core.errors import BadInput
from storage import Request
from storage.verbs import entered


@dataclass(frozen=True)
class Choice:
    """An answer: the verb, the word on its button, and what it will do."""

    verb: str
    label: str
    meaning: str


@dataclass(frozen=True)
class Ask:
    """A request that is waiting.

    Attributes
    ----------
    request : int
        Its id.
    title : str
        What to do, in words.
    since, until : str
        How long it has waited, and how long it will.
    choices : tuple of Choice
    by_hand : bool
        Whether a value can be entered, because the gauge has no line.
    dial : Dial or None
    """

    request: int
    title: str
    since: str
    until: str
    choices: tuple[Choice, ...]
    by_hand: bool
    dial: Dial | None


def asks(snapshot: Snapshot) -> tuple[Ask, ...]:
    """Return what the run waits for now, oldest first."""
    return tuple(_ask(snapshot, each) for each in snapshot.requests if each.awaited)


def _ask(snapshot: Snapshot, request: Request) -> Ask:
    kind = str(request.details.get("kind", ""))
    return Ask(
        request=request.id,
        title=request.question[:1].upper() + request.question[1:],
        since=_since(snapshot, request),
        until=_until(snapshot, request),
        choices=_choices(snapshot, request, kind),
        by_hand=kind == "force" and read_by_hand(snapshot),
        dial=dial(snapshot, request),
    )


def _since(snapshot: Snapshot, request: Request) -> str:
    waited = max(bench_now(snapshot) - request.time, 0.0)
    return f"waiting {age(waited)}, since {request.asked_utc.astimezone():%H:%M:%S}"


def _until(snapshot: Snapshot, request: Request) -> str:
    limit = request.details.get("timeout_s")
    if limit is None:
        return "It waits as long as it takes."
    end = f"{clock(request.time + float(limit), with_seconds=True)} of the run"
    if not snapshot.summary.simulated:
        # Of a simulated bench nobody can tell: its time need not pass like that of the wall.
        at = (request.asked_utc + timedelta(seconds=float(limit))).astimezone()
        end += f" ({at:%H:%M})"
    if _releases(snapshot, request):
        return f"Until {end}; then the run ends with the pressure on."
    return f"Until {end}; then the run ends as timed out."


def _choices(snapshot: Snapshot, request: Request, kind: str) -> tuple[Choice, ...]:
    meanings = {"acknowledge": _DONE.get(kind, "the run takes it as done and goes on"), "skip": _SKIP}
    if kind == "mount":
        meanings["skip"] = "the cell is not mounted: this run is left out, and what follows it goes on"
    if _releases(snapshot, request):
        meanings["skip"] = "the pressure stays on the cell; the run ends as it would have"
    labels = {"acknowledge": "Go on" if kind == "confirm" else "Done", "skip": "Skip"}
    words = [each for each in request.options if each in labels] or ["acknowledge"]
    return tuple(Choice(each, labels[each], meanings[each]) for each in words)


_DONE = {
    "force": "the run goes on, whatever the gauge shows; a force that holds needs no click",
    "mount": "the cell is in its place and connected; the run begins",
    "confirm": "the run goes on with what it was doing",
}
_SKIP = "the rest of this run is left out, and what follows it goes on"


def _releases(snapshot: Snapshot, request: Request) -> bool:
    """Whether the pressure is only taken off at the end of a forming, whose result is there already."""
    return snapshot.header.protocol == "InterfaceForming" and request.details.get("target_N") == 0.0


@dataclass(frozen=True)
class Entry:
    """What comes of a value as it is typed: whether it can be sent, and what it means or what is wrong."""

    good: bool
    words: str


def entry(text: str, cell: Cell) -> Entry:
    """Look at what somebody types as the reading of a gauge.

    Parameters
    ----------
    text : str
        With its unit, e.g. ``"405.8 N"`` or ``"7.5 MPa"``.
    cell : Cell
        Whose pellet turns a pressure into a force.
    """
    if not text.strip():
        return Entry(False, "what the gauge shows, with its unit: 405.8 N or 7.5 MPa")
    try:
        value, unit = entered(text)
    except BadInput as error:
        return Entry(False, str(error))
    newtons = value if unit == "N" else cell.force(value * 1e-6)
    shown = fixed(newtons, decimals(0.01 * abs(newtons)))
    return Entry(True, f"{shown} N, {fixed(cell.pressure(newtons), 2)} MPa on the pellet")
