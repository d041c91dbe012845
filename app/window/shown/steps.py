"""The steps of a run, in the words of the field: done, going on and to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.window.reading.snapshot import Snapshot
from app.window.shown.depletion import bench_now
from app.window.shown.format import clock
from core.records import RunState
from storage import StoredStep

WORDS = {
    "condition": "bringing to temperature",
    "rest": "resting at open circuit",
    "peis": "PEIS reference",
    "geis": "GEIS under current",
    "press": "pressing",
    "ask": "asking the operator",
}
"""What a step does, for the verbs of protocols."""

BRIEFLY = {"condition": "temperature", "rest": "open circuit", "ask": "operator", "geis": "GEIS"}
"""The same for a narrow list, where it is shorter."""

WHOLE = "run"
"""The verb of the step that is the whole protocol."""

FIXED = {
    "GeisStripping": ("condition", "rest", "peis", "geis"),
    "PressureRun": ("condition", "press", "rest", "peis", "geis"),
}
"""Protocols whose steps always come in this order, so that those to come can be named."""

STRIPPING = frozenset({"GeisStripping", "PressureRun", "TemperatureSeries"})
"""Protocols whose reference PEIS comes before a stripping."""

LEAST_ROUNDS = 3
"""Repetitions from which on steps that alternate are folded into one line."""

BAD_ENDS = frozenset({"failed", "aborted", "interlock"})
"""Outcomes of steps that did not end as somebody wanted."""

DONE, RUNNING, AHEAD, BROKEN, IDLE = "done", "running", "ahead", "broken", "idle"
"""How a line stands: a tick, a triangle, a dot, a cross, or a dash for what was never begun."""


@dataclass(frozen=True)
class StepLine:
    """One line of the list of steps.

    Attributes
    ----------
    stands : str
        `DONE`, `RUNNING`, `AHEAD`, `BROKEN` or `IDLE`.
    text : str
    right : str
        How long it took, or has taken so far.
    tip : str
    run : int or None
        The run that it is, for steps of a campaign.
    """

    stands: str
    text: str
    right: str = ""
    tip: str = ""
    run: int | None = None


def activity(step: StoredStep) -> str:
    """Return in the words of the field what a step does."""
    if step.verb == "geis":
        current = _current(step.parameters)
        return WORDS["geis"] if current is None else "stripping" if current > 0 else "plating"
    if step.verb == "peis" and step.protocol not in STRIPPING:
        return "PEIS"
    if step.verb == WHOLE:
        return "beginning"
    return WORDS.get(step.verb, step.verb)


def _briefly(step: StoredStep) -> str:
    found = activity(step)
    return BRIEFLY.get(step.verb, found) if found == WORDS.get(step.verb) else found


def _current(parameters: dict[str, Any]) -> float | None:
    """Return the current of a program in A, None where it is not stated."""
    program = parameters.get("program", {})
    for technique in program.values() if isinstance(program, dict) else ():
        if isinstance(technique, dict) and isinstance(technique.get("current"), int | float):
            return float(technique["current"])
    # Before the program was kept with the step, a stripping was all there was.
    return 1.0 if not program else None


def step_lines(snapshot: Snapshot) -> tuple[StepLine, ...]:
    """Return the steps of a run: those that were begun, then those that are bound to follow."""
    steps = [step for step in snapshot.steps if step.verb != WHOLE]
    ended = [step for step in steps if step.ended is not None]
    lines = _folded(ended)
    lines += [_line(step, snapshot) for step in steps if step.ended is None]
    if snapshot.summary.live:
        lines += [StepLine(AHEAD, _ahead(verb, snapshot.header.protocol)) for verb in _to_come(snapshot)]
    return tuple(lines)


def _ahead(verb: str, protocol: str) -> str:
    if verb == "geis":
        return "stripping"
    if verb == "peis" and protocol not in STRIPPING:
        return "PEIS"
    return BRIEFLY.get(verb, WORDS[verb])


def _to_come(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the verbs that are bound to follow, where the protocol always goes one way."""
    order = FIXED.get(snapshot.header.protocol, ())
    begun = [order.index(step.verb) for step in snapshot.steps if step.verb in order]
    return order[max(begun, default=-1) + 1 :]


def _line(step: StoredStep, snapshot: Snapshot) -> StepLine:
    lasted = (bench_now(snapshot) if step.ended is None else step.ended) - step.started
    going_on = step.ended is None and snapshot.summary.live
    cut_short = step.ended is None and not snapshot.summary.live
    tip = f"{activity(step)}: begun {clock(step.started, True)} h after the start of the run"
    if step.ended is not None:
        tip += f", ended at {clock(step.ended, True)} h ({step.outcome})"
    elif cut_short:
        tip += ", and cut short"
    stands = RUNNING if going_on else BROKEN if cut_short or step.outcome in BAD_ENDS else DONE
    return StepLine(stands, _briefly(step), _lasted(lasted), tip)


def _lasted(seconds: float) -> str:
    return f"{clock(seconds)} h" if seconds >= 60 else f"{seconds:.0f} s"


def _folded(steps: Sequence[StoredStep]) -> list[StepLine]:
    """Return the lines of steps that have ended, those that alternate many times folded into one."""
    lines: list[StepLine] = []
    place = 0
    while place < len(steps):
        period, rounds = _rounds(steps, place)
        if rounds >= LEAST_ROUNDS:
            part = steps[place : place + period * rounds]
            lines.append(_round_line(part, period, rounds))
            place += period * rounds
        else:
            lines.append(_ended_line(steps[place]))
            place += 1
    return lines


def _rounds(steps: Sequence[StoredStep], place: int) -> tuple[int, int]:
    """Return after how many steps they repeat from here on, and how often they come."""
    best = (1, 1)
    for period in (1, 2, 3):
        first = [each.verb for each in steps[place : place + period]]
        rounds = 1
        while [each.verb for each in steps[place + period * rounds : place + period * (rounds + 1)]] == first:
            rounds += 1
        if rounds >= LEAST_ROUNDS and period * rounds > best[0] * best[1]:
            best = (period, rounds)
    return best


def _round_line(part: Sequence[StoredStep], period: int, rounds: int) -> StepLine:
    names = ", ".join(_briefly(step) for step in part[:period])
    began, ended = part[0].started, part[-1].ended or part[-1].started
    tip = f"{names}: {rounds} times, from {clock(began, True)} to {clock(ended, True)} h"
    return StepLine(DONE, f"{rounds} × {names}", _lasted(ended - began), tip)


def _ended_line(step: StoredStep) -> StepLine:
    ended = step.started if step.ended is None else step.ended
    tip = (
        f"{activity(step)}: {clock(step.started, True)} to {clock(ended, True)} h of the run ({step.outcome})"
    )
    stands = BROKEN if step.outcome in BAD_ENDS else DONE
    return StepLine(stands, _briefly(step), _lasted(ended - step.started), tip)


def short_path(path: str) -> str:
    """Shorten the path of a step of a campaign: ``"3.fig5/…/1.strip"``."""
    parts = path.split("/")
    return path if len(parts) < 3 else f"{parts[0]}/…/{parts[-1]}"


def in_words(path: str, beside: str = "") -> str:
    """Write the path of a step of a campaign in words: ``"fig5 · round 6 · strip"``.

    Parameters
    ----------
    path : str
    beside : str
        Path of the step that is watched; what both begin with is left out, but for the last two words.
    """
    words, known = _words(path), _words(beside) if beside else []
    while len(words) > KEPT and known and words[0] == known[0]:
        words, known = words[1:], known[1:]
    return " · ".join(words)


KEPT = 2
"""Words of a path that are always shown."""


def _words(path: str) -> list[str]:
    words = []
    for part in path.split("/"):
        number, _, name = part.partition(".")
        if part.startswith("round-"):
            words.append(f"round {part.removeprefix('round-')}")
        elif name or not number.isdigit():
            words.append(name or part)
    return words


BEFORE, AFTER = 1, 3
"""Steps of a campaign shown before and after the present one."""


def campaign_lines(
    planned: Sequence[str], runs: Sequence[tuple[int, str, RunState]], run: int
) -> tuple[StepLine, ...]:
    """Return the steps of a campaign around a run.

    Parameters
    ----------
    planned : sequence of str
        Paths of the plan, in order.
    runs : sequence of (int, str, RunState)
        Number, path and state of the runs of the campaign.
    run : int
        The one that is watched.
    """
    by_path = {path: (number, state) for number, path, state in runs}
    paths = [*planned, *(path for _, path, _ in runs if path not in planned)]
    mine = next((path for number, path, _ in runs if number == run), None)
    if mine is None:
        return ()
    place = paths.index(mine)
    begun = max(paths.index(path) for path in by_path)
    first, last = max(place - BEFORE, 0), min(place + AFTER + 1, len(paths))
    lines = [StepLine(IDLE, f"{first} before")] if first else []
    lines += [
        _campaign_line(paths[at], mine, by_path.get(paths[at]), at > begun) for at in range(first, last)
    ]
    if last < len(paths):
        lines.append(StepLine(AHEAD, f"{len(paths) - last} more"))
    return tuple(lines)


def _campaign_line(path: str, mine: str, run: tuple[int, RunState] | None, ahead: bool) -> StepLine:
    text = in_words(path, mine)
    if run is None:
        tip = f"{path}: to come" if ahead else f"{path}: not begun, or not needed"
        return StepLine(AHEAD if ahead else IDLE, text, "", tip)
    number, state = run
    stands = {
        RunState.RUNNING: RUNNING,
        RunState.WAITING: RUNNING,
        RunState.PAUSED: RUNNING,
        RunState.FINISHED: DONE,
        RunState.STOPPED: DONE,
    }.get(state, BROKEN)
    tip = f"{path}: run {number}, {state.value}. Click to see it."
    return StepLine(stands, text, f"run {number}", tip, number)
