"""Working through steps on one bench: a run each, the instruments connected all the while."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.campaign.plan import Plan
from app.campaign.step import Step
from app.campaign.walk import SPENDING, Refusal, Walk, passes_current
from app.runner.job import Job
from app.runner.outcome import Outcome
from app.runner.runner import Runner
from app.runner.station import Station
from app.runner.witness import Announce
from core.cell import Cell
from core.clock import Clock
from core.errors import BadInput
from core.files import BenchFile
from core.records import Ended
from drivers.abilities import Abilities
from protocols.control import Control
from storage import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Done:
    """A step that was done, and the run it became."""

    step: Step
    outcome: Outcome


class CampaignRunner:
    """Owns a bench for the length of a campaign, or of a script.

    Parameters
    ----------
    store : Store
    bench : BenchFile
    bench_text : str
        As given, kept with every run.
    clock : Clock
        The bench's: real, or virtual where the whole bench is simulated.
    control : Control, optional
        Where the operator's wishes are left.
    campaign : int, optional
        Number in the store of the campaign that the runs belong to.
    log_path : Path, optional
    thin : int
        Of sweeps back to back only every so-manieth is taken: 1 but in a rehearsal.
    announce : callable, optional
        Called with id and checksum of every spectrum durably kept.
    started : callable, optional
        Called with the number of each run that begins.
    ended : callable, optional
        Called with each step as it ends.
    waiting : callable, optional
        Told in words what is still waited for after the last step, if anything is.
    refused : callable, optional
        Called with each step that is passed over because its electrode is spent.
    called_off : callable, optional
        Whether no further step is to begin.

    Attributes
    ----------
    done : list of Done
    passed_over : list of Refusal
    called_off : bool
        Whether steps were not begun because that was called off.
    """

    def __init__(
        self,
        store: Store,
        bench: BenchFile,
        bench_text: str,
        clock: Clock,
        *,
        control: Control | None = None,
        campaign: int | None = None,
        log_path: Path | None = None,
        thin: int = 1,
        announce: Announce | None = None,
        started: Callable[[int], None] | None = None,
        ended: Callable[[Done], None] = lambda done: None,
        waiting: Callable[[str], None] = lambda words: None,
        refused: Callable[[Refusal], None] = lambda refusal: None,
        called_off: Callable[[], bool] = lambda: False,
    ) -> None:
        self._store, self._bench, self._bench_text, self._clock = store, bench, bench_text, clock
        self.control = control or Control()
        self._campaign, self._log_path, self._thin = campaign, log_path, thin
        self._announce, self._started, self._ended, self._waiting = announce, started, ended, waiting
        self._refused, self._called_off = refused, called_off
        self._station: Station | None = None
        self.done: list[Done] = []
        self.passed_over: list[Refusal] = []
        self.called_off = False

    def work_through(self, plan: Plan) -> list[Done]:
        """Do the steps of a plan in order, as their ends lead from one to the next.

        Electrodes that earlier runs left spent are passed over, unless a step says otherwise. After
        a step that was aborted there is none, wherever the file may lead.
        """
        walk = Walk(plan, self.spent(plan))
        done: list[Done] = []
        ended: Ended | None = None
        while ended is not Ended.ABORTED:
            seen = len(walk.refusals)
            step = walk.next(ended)
            self._note(walk.refusals[seen:])
            self.called_off = step is not None and self._called_off()
            if step is None or self.called_off:
                break
            outcome = self.run(step)
            done.append(Done(step, outcome))
            ended = outcome.ended
        return done

    def _note(self, refusals: list[Refusal]) -> None:
        for refusal in refusals:
            log.warning("%s was passed over: %s", refusal.path, refusal.reason)
            self.passed_over.append(refusal)
            self._refused(refusal)

    def run(self, step: Step) -> Outcome:
        """Do one step; it becomes a run.

        Raises
        ------
        BadInput
            If the bench or the cell cannot do it, before anything is started.
        """
        job = self._job(step)
        job.plan()
        if self._station is None:
            self._station = Station(self._bench, self._clock, step.cell, self._thin)
        self.control.stopped = False
        runner = Runner(
            self._store,
            job,
            self._station,
            self._log_path,
            self._announce,
            self._started,
            control=self.control,
        )
        done = Done(step, runner.run())
        self.done.append(done)
        self._ended(done)
        return done.outcome

    def spent(self, plan: Plan) -> dict[str, Ended]:
        """Return the cells of a plan that earlier runs left depleted or shorted, by name.

        On a wholly simulated bench every campaign has cells of its own, so there are none.
        """
        if self._bench.wholly_simulated:
            return {}
        names = {work.electrode.cell.name for _, work in plan.works()}
        return dict(self._spent_of(names))

    def _spent_of(self, names: set[str]) -> Iterator[tuple[str, Ended]]:
        for name in sorted(names):
            word = spent(self._store, name)
            if word is not None:
                yield name, word

    def close(self) -> None:
        """Let go of the bench. Never raises."""
        if self._station is not None:
            self._station.close(self._waiting)
            self._station = None

    def __enter__(self) -> "CampaignRunner":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _job(self, step: Step) -> Job:
        return Job(
            bench=self._bench,
            bench_text=self._bench_text,
            experiment_text=as_experiment(step),
            cell=step.cell,
            cell_given=given(step.cell),
            protocol=step.protocol,
            campaign=self._campaign,
            path=step.path,
            working_electrode=step.working_electrode,
        )


def spent(store: Store, cell: str) -> Ended | None:
    """Return how a cell was left depleted or shorted by the runs of a store; None if it was not."""
    for run in store.last_of_cell(cell):
        if run.ended == Ended.SHORTED:
            return Ended.SHORTED
        if run.ended in SPENDING and _passed_current(run.protocol):
            return Ended(run.ended)
    return None


def _passed_current(name: str) -> bool:
    from protocols.registry import PROTOCOLS

    return name in PROTOCOLS and passes_current(PROTOCOLS[name])


def check(plan: Plan, abilities: Abilities) -> list[tuple[str, list[str]]]:
    """Check every step of a plan against what a bench can do, touching nothing.

    Returns
    -------
    list of (str, list of str)
        The path of each step, and what it means in absolute numbers.

    Raises
    ------
    BadInput
        For the first step that cannot be done, naming it.
    """
    lines = []
    for path, work in plan.works():
        try:
            lines.append((path, work.build().plan(abilities, work.electrode.cell)))
        except BadInput as error:
            raise BadInput(f"{work.key} ({path}): {error.problem}", error.remedy) from None
    return lines


def given(cell: Cell) -> dict[str, Any]:
    """Return a cell as a file would hold it."""
    return cell.model_dump(mode="json", exclude_none=True, exclude_defaults=True)


def as_experiment(step: Step) -> str:
    """Write a step as an experiment file, so that it can be run again by itself."""
    origin = step.key or "a script"
    lines = [f"# from {origin}", f'protocol = "{type(step.protocol).__name__}"', "", "[cell]"]
    lines += _table(given(step.cell), "cell")
    lines += ["", "[parameters]"]
    lines += [f"{name} = {_toml(value)}" for name, value in step.protocol.as_written().items()]
    return "\n".join(lines) + "\n"


def _table(values: Mapping[str, Any], name: str) -> Iterator[str]:
    for key, value in values.items():
        if not isinstance(value, Mapping):
            yield f"{key} = {_toml(value)}"
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield ""
            yield f"[{name}.{key}]"
            yield from _table(value, f"{name}.{key}")


def _toml(value: object) -> str:
    """Write a value as TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
