"""What stands in place of the plots when there is no run to show: what happened and what to do."""

from dataclasses import dataclass

from app.window.reading.feed import View
from app.window.reading.listing import Listing
from app.window.reading.store_thread import Trouble
from app.window.shown.run_lines import RunLine, run_lines

ACTIONS = {
    "newest": "Show the newest run",
    "experiment": "Start an experiment",
    "queue": "Rehearse or start a campaign",
    "runs": "All runs …",
}
"""What the buttons of notices and placeholders say; all but the first lead to the page of that name."""

NO_SUCH_RUN = "has no run"
"""Words of the problem where only the number is wrong that was asked for."""

GOES_ON = "Runs do not depend on this window: one that is going on goes on."
LOOKS_AGAIN = "The window looks again every second and shows the run as soon as it can be read."
MOST_RUNS = 8
"""Runs that are offered where the one that was asked for does not exist."""


@dataclass(frozen=True)
class Placeholder:
    """A page without plots.

    Attributes
    ----------
    title : str
    happened, works, remedy : str
        What happened, what still works, and what to do, in plain sentences.
    actions : tuple of str
        Words of `ACTIONS`, the first of them the one to be expected.
    runs : tuple of RunLine
        Runs that could be shown instead.
    """

    title: str
    happened: str
    works: str
    remedy: str
    actions: tuple[str, ...] = ()
    runs: tuple[RunLine, ...] = ()


def placeholder(view: View, listing: Listing | None = None) -> Placeholder | None:
    """Return what stands in place of the plots; None where there is a run to show."""
    if view.snapshot is not None:
        return None
    runs = () if listing is None else listing.runs
    if view.trouble is not None:
        return _of_trouble(view.trouble, run_lines(runs)[:MOST_RUNS])
    if listing is not None and listing.read and runs:
        return Placeholder("Reading …", "", "", "")
    if listing is not None and listing.binned:
        return Placeholder(
            "All runs are in the bin",
            f"{len(listing.binned)} of them; nothing of them is lost.",
            "A run that is started from anywhere appears here by itself.",
            "Restore one from the bin of the Runs page, or start a new one.",
            ("runs", "experiment"),
        )
    return Placeholder(
        "No run yet",
        "The store is there, and empty.",
        "A run that is started from anywhere appears here by itself.",
        "Rehearse an example with:   stripbench demo\nor start one with:   stripbench run EXPERIMENT.toml",
        ("experiment", "queue"),
    )


_TITLES = (
    (NO_SUCH_RUN, "There is no such run"),
    ("there is no store", "There is no store"),
    ("is not there any more", "The store has gone"),
    ("newer stripbench", "The store is newer than this window"),
    ("older stripbench", "The store is still being written by an older stripbench"),
    ("network drive", "The store lies on a network drive"),
    ("locked", "The store is locked"),
    ("damaged", "The store is damaged"),
    ("checksum", "The store is damaged"),
    ("is not a stripbench store", "This is not a store"),
    ("not a stripbench store", "This is not a store"),
    ("is empty, not a store", "This is not a store"),
    ("reports an error", "The disk reports an error"),
    ("cannot be opened", "The store cannot be opened"),
)
"""What a problem is called, by words that it has; the first that fits."""

_WORKS = {
    "There is no such run": "The store itself is well, and all its runs can be shown.",
    "There is no store": "Nothing is lost: a run makes the store when it begins.",
    "The store is newer than this window": "Nothing was changed in it, and runs go on.",
    "The store is damaged": "What can be read of it is not changed by looking.",
}
"""What still works, where there is more to say than that runs go on."""


def _of_trouble(trouble: Trouble, runs: tuple[RunLine, ...]) -> Placeholder:
    found = (title for words, title in _TITLES if words in trouble.problem)
    title = next(found, "The store cannot be read")
    no_such_run = title == "There is no such run"
    actions: tuple[str, ...] = ()
    if no_such_run and runs:
        actions = ("newest", "runs")
    elif title == "There is no store":
        actions = ("experiment",)
    works = " ".join(part for part in (_WORKS.get(title, ""), GOES_ON) if part)
    remedy = sentence(trouble.remedy) if no_such_run else f"{sentence(trouble.remedy)} {LOOKS_AGAIN}"
    return Placeholder(
        title, sentence(trouble.problem), works, remedy.strip(), actions, runs if no_such_run else ()
    )


def sentence(text: str) -> str:
    """Let a clause of an error message stand alone."""
    return text[:1].upper() + text[1:].rstrip(";.") + "." if text else ""
