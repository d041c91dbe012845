"""What runs ask of the person at the bench: in a line for people, and as entries for programs."""

from typing import Any

from storage import Request


def fate(run: int, request: Request) -> str:
    """Return what became of a request, or how it is answered, in words."""
    if request.awaited:
        options = "|".join(request.options) or "acknowledge"
        return f"waits for an answer: stripbench tell {run} {options}"
    if request.answer is None:
        return "never answered, the run has ended"
    by = f" by {request.author}" if request.author else ""
    if request.answered is not None:
        return f"{request.answer}{by} after {request.answered - request.time:.0f} s"
    when = "" if request.answered_utc is None else f" on {request.answered_utc:%Y-%m-%d at %H:%M:%S} UTC"
    return f"{request.answer}{by}{when}"


def entry(request: Request) -> dict[str, Any]:
    """Return a request, JSON-able."""
    answered = request.answered_utc
    return {
        "time_s": request.time,
        "question": request.question,
        "options": list(request.options),
        "details": request.details,
        "asked_utc": request.asked_utc.isoformat(),
        "awaited": request.awaited,
        "answer": request.answer,
        "author": request.author,
        "answered_s": request.answered,
        "answered_utc": None if answered is None else answered.isoformat(),
    }
