"""Answering on standard input and output, a JSON object a line, for a window that must not do it itself."""

import json
import logging
import sys
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, BinaryIO

from core.errors import BadInput, StripbenchError

log = logging.getLogger(__name__)

LONGEST = 4_000_000
"""Bytes of a line; no draft is a hundredth of it."""


def serve(lines: Iterable[bytes], out: BinaryIO) -> None:
    """Answer every line until there is none any more, or nobody listens."""
    for line in lines:
        if not line.strip():
            continue
        try:
            out.write(answer(line))
            out.flush()
        except (BrokenPipeError, ValueError):
            # Whoever asked has gone.
            return


def answer(line: bytes) -> bytes:
    """Answer one line, whatever it is, with one line."""
    number: Any = None
    try:
        asked = _parsed(line)
        number = asked.pop("id", None)
        told = {"id": number, "answer": _do(asked)}
        return _line(told)
    except StripbenchError as error:
        return _line({"id": number, "error": {"problem": error.problem, "remedy": error.remedy}})
    except Exception as error:  # a defect of ours must not take the next answers with it
        log.exception("a request could not be answered")
        problem = f"internal error, {type(error).__name__}: {error}"
        return _line({"id": number, "error": {"problem": problem, "remedy": "look into the log."}})


def _parsed(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST:
        raise BadInput(f"the request has {len(line)} bytes;", f"the most is {LONGEST}.")
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"the request is no JSON: {error};", "write one object a line.") from None
    if not isinstance(asked, dict):
        raise BadInput("the request is no JSON object;", 'write {"id": 1, "do": "catalogue"}.')
    return asked


def _line(told: dict[str, Any]) -> bytes:
    try:
        text = json.dumps(told, allow_nan=False)
    except (ValueError, RecursionError):
        # Only the number that came with the request can hold what JSON does not.
        text = json.dumps(told | {"id": None}, allow_nan=False)
    return text.encode("ascii") + b"\n"


def _do(asked: dict[str, Any]) -> Any:
    known, what = _verbs(), asked.pop("do", None)
    if not isinstance(what, str) or what not in known:
        raise BadInput(f"nothing is called {what!r};", f"there are {', '.join(known)}.")
    work, needed, optional = known[what]
    for name, kind in needed.items():
        if not isinstance(asked.get(name), kind):
            raise BadInput(f"{what}: {name} is missing or of the wrong kind;", f"give it as {_called(kind)}.")
    for name, value in asked.items():
        if name not in needed | optional:
            raise BadInput(f"{what}: {name} is not known;", "remove it or check its spelling.")
        kind = (needed | optional)[name]
        if not isinstance(value, kind) and not (name in optional and value is None):
            raise BadInput(f"{what}: {name} is of the wrong kind;", f"give it as {_called(kind)}.")
    return work(**asked)


def _called(kind: type) -> str:
    return {str: "text", dict: "an object", bool: "true or false"}[kind]


@cache
def _verbs() -> dict[str, tuple[Callable[..., Any], dict[str, type], dict[str, type]]]:
    """Return what can be asked for, with what has to and what may be said with it."""
    from app import drafting

    return {
        "catalogue": (drafting.catalogue, {}, {}),
        "check": (drafting.check, {"draft": dict}, {}),
        "check_queue": (drafting.check_queue, {"queue": dict}, {}),
        "check_campaign": (drafting.check_campaign, {"path": str}, {"bench": str, "store": str}),
        "open": (drafting.open_file, {"path": str}, {}),
        "tidy_cell": (drafting.tidy_cell, {"cell": dict}, {}),
        "templates": (drafting.templates, {"folder": str}, {}),
        "save_template": (
            drafting.save_template,
            {"folder": str, "name": str, "draft": dict},
            {"replace": bool},
        ),
        "remove_template": (drafting.remove_template, {"folder": str, "name": str}, {}),
    }


def main() -> None:
    """Serve until standard input is closed; only answers go to standard output."""
    out = sys.stdout.buffer
    # Whatever a library prints must not come between the answers.
    sys.stdout = sys.stderr
    serve(sys.stdin.buffer, out)
