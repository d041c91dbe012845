"""What the table of runs asks of the store: t0 of some runs, and moving runs to the bin and back."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.conclusion import Transition, transition
from core.errors import BadInput, StoreError
from storage import Store


def transitions(store: Store, runs: Sequence[int]) -> dict[int, Transition | None]:
    """Return t0 of runs; None for those that have none, or cannot be read."""
    found: dict[int, Transition | None] = {}
    for run in runs:
        try:
            found[run] = transition(store.run(run))
        except StoreError:
            # It is only left out of the table here; whoever watches the run is told why.
            found[run] = None
    return found


@dataclass(frozen=True)
class Moved:
    """What came of moving runs.

    Attributes
    ----------
    kind : {"binned", "restored"}
    runs : tuple of int
        Those that were moved.
    refused : tuple of str
        Why others were not.
    """

    kind: str
    runs: tuple[int, ...]
    refused: tuple[str, ...]

    @property
    def words(self) -> str:
        """What was done, in words."""
        names = f"run {self.runs[0]}" if len(self.runs) == 1 else f"{len(self.runs)} runs"
        done = "put in the bin; nothing was deleted" if self.kind == "binned" else "taken out of the bin"
        said = [f"{names} {done}."] if self.runs else []
        return " ".join((*said, *self.refused))


def move(store: Store, runs: Sequence[int], kind: str, author: str) -> Moved:
    """Put runs in the bin, or take them out; those that cannot be moved are left as they are.

    Parameters
    ----------
    store : Store
    runs : sequence of int
    kind : {"binned", "restored"}
    author : str
    """
    moved, refused = [], []
    for run in runs:
        try:
            store.annotate(run, kind, author=author)
            moved.append(run)
        except (StoreError, BadInput) as error:
            refused.append(str(error))
    return Moved(kind, tuple(moved), tuple(refused))
