"""What the check of a draft came to, as the form and the card beside it show it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from app.window.shown.form_fields import Catalogue
from core.records import RunState
from storage import CampaignSummary, RunOverview

_REFUSED = re.compile(r"\w+ = .* is refused:", re.DOTALL)
_AT_STEP = re.compile(r"^steps\.\d+ \([^)]*\) ")
_CONVERTING = re.compile(r": Cannot convert from [^;]*(?=;)")
ROLES = ("potentiostat", "chamber", "gauge", "press")


@dataclass(frozen=True)
class FieldNote:
    """What stands beside a field: what is wrong with it, what it comes to, and what to beware of."""

    problem: str = ""
    derived: str = ""
    warning: str = ""


@dataclass(frozen=True)
class Mend:
    """Something to mend: the path of the field, its label, and what is wrong."""

    path: str
    label: str
    words: str


@dataclass(frozen=True)
class Summary:
    """What the card beside a form says.

    Attributes
    ----------
    headline, severity : str
        Whether all is well, in words; ``"good"``, ``"warning"``, ``"alarm"`` or ``"info"``.
    problems : tuple of Mend
    warnings : tuple of str
    amounts : tuple of (str, str)
        What it is, and how much.
    bench : str
        Its name; empty where it is not known.
    simulated : bool
        Whether no instrument of it is real.
    real : tuple of str
        Its real instruments: what they are, and their addresses.
    plan : tuple of str
        What will be done, in absolute numbers.
    ready : bool
        Whether it can be started as it is.
    toml : str
        The experiment file; empty where it is none yet.
    seen : tuple of str
        Digests of the files that this was made from.
    """

    headline: str
    severity: str = "info"
    problems: tuple[Mend, ...] = ()
    warnings: tuple[str, ...] = ()
    amounts: tuple[tuple[str, str], ...] = ()
    bench: str = ""
    simulated: bool = True
    real: tuple[str, ...] = ()
    plan: tuple[str, ...] = ()
    ready: bool = False
    toml: str = ""
    seen: tuple[str, ...] = ()


def summary(
    answer: Mapping[str, Any], catalogue: Catalogue, protocol: str, zone: tzinfo | None = None
) -> Summary:
    """Return what the card says of an answer to a check.

    Parameters
    ----------
    answer : dict
        As `app.drafting` gives it.
    catalogue : Catalogue
    protocol : str
        The one that is drafted.
    zone : tzinfo, optional
        In which the end is told; by default that of this machine.
    """
    problems = tuple(
        Mend(each["field"], _label(each["field"], catalogue, protocol), sentence(each))
        for each in answer["problems"]
    )
    warnings = _warnings(answer["warnings"], catalogue, protocol)
    words, severity = headline(len(problems), len(warnings))
    return Summary(
        headline=words,
        severity=severity,
        problems=problems,
        warnings=warnings,
        amounts=amounts(answer, zone),
        bench=answer.get("bench") or "",
        simulated=answer.get("simulated") is not False,
        real=instruments(answer.get("real_instruments") or ()),
        plan=tuple(answer.get("plan") or ()),
        ready=bool(answer["ok"] and answer.get("toml")),
        toml=answer.get("toml") or "",
        seen=tuple(answer.get("seen") or ()),
    )


def notes(answer: Mapping[str, Any]) -> dict[str, FieldNote]:
    """Return what stands beside each field, by path."""
    found: dict[str, dict[str, list[str]]] = {}
    for each in answer["problems"]:
        found.setdefault(each["field"], {}).setdefault("problem", []).append(sentence(each))
    for each in answer["warnings"]:
        found.setdefault(each["field"], {}).setdefault("warning", []).append(each["text"])
    for each in answer["derived"]:
        found.setdefault(each["field"], {}).setdefault("derived", []).append(_derived(each))
    return {
        path: FieldNote(
            " ".join(parts.get("problem", ())),
            " · ".join(parts.get("derived", ())),
            " ".join(parts.get("warning", ())),
        )
        for path, parts in found.items()
    }


def sentence(problem: Mapping[str, str]) -> str:
    """Return a problem with its remedy as it stands at its field; a word at its beginning has a capital."""
    what, remedy = problem["problem"], problem.get("remedy", "")
    # The field it stands at says which parameter is meant, and what was written.
    text = remedy if remedy and _REFUSED.fullmatch(what) else f"{what} {remedy}".strip()
    text = _AT_STEP.sub("", _CONVERTING.sub("", text))
    first = text.partition(" ")[0]
    return text[:1].upper() + text[1:] if first.isalpha() and "_" not in first else text


def amounts(answer: Mapping[str, Any], zone: tzinfo | None = None) -> tuple[tuple[str, str], ...]:
    """Return how long, until when, how many spectra and how much room, as far as that is known."""
    found = []
    at_most = "at most " if answer.get("hours_are", "longest") == "longest" else "about "
    if (hours := answer.get("hours")) is not None:
        found.append(("Takes", at_most + lasting(hours)))
    if ends := answer.get("ends_utc"):
        found.append(("Ends", ("by " if at_most == "at most " else "about ") + local_time(ends, zone)))
    if (spectra := answer.get("spectra")) is not None:
        found.append(("Spectra", at_most + grouped(spectra)))
    if (room := answer.get("disk_bytes")) is not None:
        found.append(("Disk", at_most + size(room)))
    return tuple(found)


def grouped(count: int) -> str:
    """Return a count with its thousands apart."""
    return f"{count:,}".replace(",", "\u202f")


def lasting(hours: float) -> str:
    """Return a duration in the unit that suits it, e.g. ``"35 min"``, ``"8.5 h"`` or ``"6 d 4 h"``."""
    if hours < 1:
        return f"{hours * 60:.0f} min"
    if hours < 48:
        return f"{hours:.1f} h"
    days, rest = divmod(round(hours), 24)
    return f"{days} d {rest} h" if rest else f"{days} d"


def local_time(utc: str, zone: tzinfo | None = None) -> str:
    """Return a time of the answer on the clock at the wall, e.g. ``"Tue 24 Nov, 14:20"``."""
    time = datetime.fromisoformat(utc)
    there = (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(zone)
    year = "" if there.year == datetime.now(there.tzinfo).year else f" {there.year}"
    return f"{there:%a} {there.day} {there:%b}{year}, {there:%H:%M}"


def size(octets: float) -> str:
    """Return room on a disk, e.g. ``"42 MB"``."""
    for unit in ("B", "kB", "MB", "GB"):
        if octets < 999.5:
            return f"{octets:.3g} {unit}"
        octets /= 1000
    return f"{octets:.3g} TB"


def instruments(real: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """Return the real instruments of a bench in words, the potentiostat first."""
    order = sorted(real, key=lambda each: ROLES.index(each["role"]) if each["role"] in ROLES else len(ROLES))
    return tuple(f"{each['role']} {each['model']} at {each['address']}" for each in order)


def at_work(runs: Sequence[RunOverview], campaigns: Sequence[CampaignSummary], bench: str) -> str:
    """Say what is at work on a bench; empty while nothing is, or no bench is known."""
    if not bench:
        return ""
    found = [
        f"run {each.summary.run} ({each.summary.cell}) is {state_word(each.summary.state)}"
        for each in runs
        if each.summary.live and each.summary.bench == bench and each.summary.campaign is None
    ]
    found += [
        f"campaign {each.campaign} ({each.name}) is {state_word(each.state)}"
        for each in campaigns
        if each.live and each.bench == bench
    ]
    return f"On the bench “{bench}”, {' and '.join(found)}." if found else ""


def busy_words(shown: Summary, busy: str) -> str:
    """Say that a bench is at work, and what that means where it is a real one; `busy` is of `at_work`."""
    refused = busy and not shown.simulated
    return f"{busy} A bench does one thing at a time: the start will be refused." if refused else busy


def real_words(shown: Summary, cells: str) -> str:
    """Say through what current will flow; empty unless real instruments could be started now."""
    if not shown.real or not shown.ready:
        return ""
    return f"Real instruments: {'; '.join(shown.real)}. Current will flow through the {cells}."


def queue_words(editing: int | None, steps: int) -> str:
    """Say what putting the form into the queue does; `editing` is the place of the step that is edited."""
    if editing is None or editing >= steps:
        return "Add to the queue"
    return f"Keep as step {editing + 1} of the queue"


def state_word(state: RunState) -> str:
    """Return the word for a state."""
    return {RunState.WAITING: "waiting for the operator"}.get(state, state.value)


def headline(problems: int, warnings: int) -> tuple[str, str]:
    """Say whether something can start with so many problems and warnings, and how grave that is."""
    if problems:
        return ("One thing to mend" if problems == 1 else f"{problems} things to mend"), "alarm"
    if warnings:
        return ("Can start, one warning" if warnings == 1 else f"Can start, {warnings} warnings"), "warning"
    return "Can start", "good"


def _label(path: str, catalogue: Catalogue, protocol: str) -> str:
    found = catalogue.field(protocol, path)
    if found is not None:
        return found.label
    if path.startswith("steps."):
        return f"Step {path.split('.')[1]}"
    return {"bench": "Bench", "protocol": "Protocol", "store": "Store", "name": "Name", "": ""}.get(
        path, path.rpartition(".")[2]
    )


def _warnings(given: Sequence[Mapping[str, str]], catalogue: Catalogue, protocol: str) -> tuple[str, ...]:
    """Return warnings in words; what is said of several steps or fields is said once."""
    found: dict[str, list[str]] = {}
    for each in given:
        labels = found.setdefault(each["text"], [])
        label = _label(each["field"], catalogue, protocol)
        if label and label not in labels:
            labels.append(label)
    return tuple(
        f"{', '.join(labels)}: {text}" if labels else text[:1].upper() + text[1:]
        for text, labels in found.items()
    )


def _derived(each: Mapping[str, Any]) -> str:
    plain = each["label"] in ("current", "charge", "force", "absolute", "cut-off")
    return str(each["text"]) if plain else f"{each['label']} {each['text']}"
