"""The pace of a simulated bench: what is offered, and what is wrong with what is written."""

import math
from dataclasses import replace

from app.window.shown.form_summary import FieldNote, Mend, Summary, headline

SPEEDS = ("max", "1", "10", "60", "600", "3600")
"""Paces that are offered: bench seconds in a second, or as fast as the work allows."""
PATH = "speed"


def pace_problem(text: str) -> str:
    """Return what is wrong with a pace, in the same cases as ``--speed`` refuses it; empty if nothing is."""
    if text == "max":
        return ""
    try:
        speed = float(text)
    except ValueError:
        speed = math.nan
    if math.isfinite(speed) and speed > 0:
        return ""
    return f"{text!r} is no pace; write max, or a number above 0, for example 60."


def with_pace(shown: Summary, text: str) -> Summary:
    """Return what the card says, with what is wrong with the pace; real benches have none."""
    problem = pace_problem(text)
    if not problem or not shown.simulated:
        return shown
    problems = (*shown.problems, Mend(PATH, "Pace", problem))
    words, severity = headline(len(problems), len(shown.warnings))
    return replace(shown, headline=words, severity=severity, problems=problems, ready=False)


def pace_note(shown: Summary, text: str) -> dict[str, FieldNote]:
    """Return what stands at the field of the pace, by its path."""
    problem = pace_problem(text) if shown.simulated else ""
    return {PATH: FieldNote(problem)} if problem else {}
