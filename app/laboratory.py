"""Campaigns written in Python: the same protocols on the same bench, a run each."""

import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from app.campaign.step import Step
from app.cli.output import err
from app.cli.requests import asking
from app.cli.signals import signals
from app.runner.beating import beating
from app.runner.campaign import CampaignRunner
from app.runner.job import parse_toml, read_bench
from app.runner.log import open_log
from app.runner.outcome import Outcome
from core.cell import Cell
from core.clock import RealClock, VirtualClock
from core.errors import BadInput
from core.files import explain
from core.records import Ended, RunState
from drivers.bench import read_text
from protocols.control import Control
from protocols.protocol import Protocol
from storage import CampaignHeader, RunReader, Store, open_store


class Laboratory:
    """A bench, and what is done on it one after the other. Made by `laboratory`.

    Attributes
    ----------
    campaign : int
        The script's number in the store.
    """

    def __init__(self, store: Store, runner: CampaignRunner, campaign: int) -> None:
        self._store, self._runner, self.campaign = store, runner, campaign
        self._steps = 0

    def run(
        self,
        protocol: Protocol,
        cell: Cell,
        *,
        name: str = "",
        working_electrode: str = "",
        allow_spent: bool = False,
    ) -> Outcome:
        """Do a protocol to a cell, which the operator is asked to mount where it is not.

        Parameters
        ----------
        protocol : Protocol
            An object that was not run before.
        cell : Cell
        name : str, optional
            Of the step, in its path.
        working_electrode : str, optional
            For the operator, e.g. ``"WE 2 of 6 on this counter"``.
        allow_spent : bool
            Also on an electrode that an earlier step left depleted or shorted.

        Returns
        -------
        Outcome
            `Outcome.ended` is the word to go on by.

        Raises
        ------
        BadInput
            For what the bench or the cell cannot do, and for a spent electrode.
        KeyboardInterrupt
            If the operator aborted it: everything is to end, the script too.
        """
        if not allow_spent and protocol.spends_electrode:
            self._refuse_spent(cell)
        self._steps += 1
        label = name or type(protocol).__name__
        step = Step(protocol, cell, f"{self._steps}.{label}", working_electrode=working_electrode)
        outcome = self._runner.run(step)
        if outcome.ended is Ended.ABORTED:
            raise KeyboardInterrupt(outcome.end_reason)
        return outcome

    def reader(self, outcome: Outcome) -> RunReader:
        """Return the reader of a run: its spectra, fits, decisions and events."""
        return self._store.run(outcome.run)

    def _refuse_spent(self, cell: Cell) -> None:
        spent = (Ended.CUT_OFF, Ended.DEPLETED, Ended.SHORTED)
        for done in self._runner.done:
            step, ended = done.step, done.outcome.ended
            if step.cell.name == cell.name and step.protocol.spends_electrode and ended in spent:
                raise BadInput(
                    f"the electrode of {cell.name} is spent: {step.path} ended {str(ended)!r};",
                    "mount another and name it so, or say allow_spent=True.",
                )


def _say(text: str) -> None:
    err.print(text, markup=False, soft_wrap=True)


@contextmanager
def laboratory(
    bench: str | Path | None = None, *, store: str, title: str = "", speed: float = math.inf
) -> Iterator[Laboratory]:
    """Open a bench for a script; leaving the block lets go of it.

    Parameters
    ----------
    bench : path, optional
        The bench file; left out: the simulated bench.
    store : str
        URL or path; made if it does not exist.
    title : str
        Kept with the script's runs.
    speed : float
        Bench seconds per wall second, where every instrument is simulated.

    Examples
    --------
    ::

        with laboratory(store="night.sqlite") as lab:
            cell = read_cell("cells/li.toml", name="LLZO-07-Li-01")
            ended = lab.run(GeisStripping(current_density="100 µA/cm²"), cell).ended
            if ended == "cut-off":
                lab.run(OcvRelaxation(), cell)
    """
    given = read_bench(None if bench is None else Path(bench))
    kept = open_store(store, create=True)
    script = Path(sys.argv[0])
    text = script.read_text(encoding="utf-8") if script.suffix == ".py" and script.is_file() else ""
    header = CampaignHeader(
        name=script.name or "script",
        bench=given.file.name,
        simulated=given.file.simulated,
        title=title,
        text=text,
        bench_text=given.text,
        purpose="script",
    )
    log = kept.begin_campaign(header)
    clock = VirtualClock(speed) if given.file.wholly_simulated else RealClock()
    state, reason = RunState.FAILED, "the script raised an error"
    control, started = Control(), list[int]()
    runner = CampaignRunner(
        kept,
        given.file,
        given.text,
        clock,
        control=control,
        campaign=log.campaign,
        log_path=open_log(),
        started=started.append,
    )
    try:
        with signals(control, _say), beating(log), asking(kept, started, _say), runner:
            yield Laboratory(kept, runner, log.campaign)
        state, reason = RunState.FINISHED, "the script ended"
    except KeyboardInterrupt:
        state, reason = RunState.ABORTED, "aborted by the operator"
        raise
    finally:
        log.finish(state, reason)
        log.close()
        kept.close()


def read_cell(path: str | Path, **changes: object) -> Cell:
    """Read a cell file; `changes` replace what it says, written as in the file.

    Raises
    ------
    BadInput
        Naming file, key, value and remedy.
    """
    text = read_text(Path(path), "cell file", "check the path; examples lie in examples/cells/.")
    try:
        return Cell.model_validate(parse_toml(text, str(path)) | changes)
    except ValidationError as error:
        raise explain(error, str(path)) from None
