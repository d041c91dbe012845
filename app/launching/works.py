"""The commands that are worked through in the background: rehearse, refit and replay."""

from collections.abc import Sequence
from pathlib import Path

from app.launching.child import Child


class Rehearsal(Child):
    """A rehearsal of an experiment or a campaign on the simulated twin of its bench.

    Its outcome is the forecast as ``stripbench rehearse --json`` gives it.

    Parameters
    ----------
    work : str or Path
        The text of the file, or the path of one, which may name others.
    bench : Path or str, optional
        A bench file; left out: the built-in simulated bench. Nothing of it is connected.
    full : bool
        Whether every sweep is taken, not every tenth.
    """

    def __init__(self, work: str | Path, bench: Path | str | None = None, *, full: bool = False) -> None:
        text, file = (None, [str(work)]) if isinstance(work, Path) else (work, [])
        where = [] if bench is None else ["--bench", str(bench)]
        super().__init__(["rehearse", *file, *where, *(["--full"] if full else [])], text)


class Work(Child):
    """Something that is done to what a store holds; its outcome is the JSON of the command.

    Parameters
    ----------
    arguments : sequence of str
        The command and what it is told, without ``--store`` and ``--json``.
    store : str
        URL of the store.
    """

    def __init__(self, arguments: Sequence[str], store: str) -> None:
        super().__init__([*arguments, "--store", store])

    @classmethod
    def refit(cls, run: int, store: str, *options: str) -> "Work":
        """Fit the spectra of a run anew; `options` are those of ``stripbench refit``."""
        return cls(["refit", str(run), *options], store)

    @classmethod
    def replay(cls, run: int, store: str) -> "Work":
        """Derive the decisions of a run again; differences are an outcome, not a failure."""
        return cls(["replay", str(run)], store)
