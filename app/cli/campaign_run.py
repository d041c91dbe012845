"""``stripbench run CAMPAIGN.toml``: working through a campaign in the foreground."""

import shutil
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from app.cli.output import err, out, write_json
from core.errors import StripbenchError
from core.records import Ended, RunState

if TYPE_CHECKING:
    from app.campaign.plan import Plan
    from app.campaign.walk import Refusal
    from app.runner.job import BenchGiven
    from app.runner.lanes import LaneDone, StepDone
    from protocols.control import Control
    from storage import CampaignHeader, CampaignLog, Store

GOOD = (Ended.FINISHED, Ended.CUT_OFF, Ended.LIMIT, Ended.DEPLETED, Ended.SHORTED, Ended.NOT_REACHED)
"""Ends of a step that are results."""
BY_OPERATOR = (Ended.STOPPED, Ended.SKIPPED)


def run_campaign(
    plan: "Plan",
    bench: "BenchGiven",
    store: "Store",
    control: "Control",
    *,
    json_file: str,
    speed: float,
    side_by_side: int,
    announce: Callable[[int, int], None] | None,
) -> int:
    """Do a campaign and show each step as it ends; return the exit status."""
    from app.runner.beating import beating

    header = _checked(plan, bench, store)
    if announce is None:
        _say_cells(plan)
    if control.wanted:
        err.print("nothing was started")
        return 3
    kept = store.begin_campaign(header)
    state, reason = RunState.FAILED, "the runner ended unexpectedly"
    done: list[LaneDone] = []
    try:
        with beating(kept):
            done = _do(plan, bench, store, control, kept, speed, side_by_side, announce)
        state, reason = verdict(done, len(header.plan))
    except StripbenchError as error:
        reason = str(error)
    finally:
        kept.finish(state, reason)
        kept.close()
    if json_file:
        write_json({"campaign": kept.campaign, "state": str(state), "end_reason": reason} | _full(done),
                   json_file)  # fmt: skip
    if announce is None and json_file != "-":
        out.print(f"campaign {kept.campaign}: {state} ({reason})", markup=False, soft_wrap=True)
    return {RunState.FINISHED: 0, RunState.STOPPED: 3, RunState.ABORTED: 3}.get(state, 4)


def _checked(plan: "Plan", bench: "BenchGiven", store: "Store") -> "CampaignHeader":
    """Refuse what cannot be done, or kept; return what the store knows of the rest before it starts."""
    from app.campaign.room import check_room, most_bytes
    from app.runner.campaign import check
    from drivers.abilities import abilities_of
    from storage import CampaignHeader

    file, abilities = bench.file, abilities_of(bench.file)
    lines = check(plan, abilities)
    check_room(
        most_bytes(plan, abilities),
        shutil.disk_usage(store.path.parent).free,
        file.interlocks,
        real=not file.wholly_simulated,
        warn=lambda text: err.print(text, markup=False, soft_wrap=True),
    )
    return CampaignHeader(
        name=plan.name,
        bench=file.name,
        simulated=file.simulated,
        title=plan.title,
        text="\n".join(plan.texts.values()),
        bench_text=bench.text,
        plan=[{"path": path, "lines": words} for path, words in lines],
    )


def _say_cells(plan: "Plan") -> None:
    from app.campaign.needed import needed

    for kind in needed(plan).cells:
        names = ", ".join(kind.names)
        err.print(f"cells of kind {kind.kind} ({kind.anode}): {names}", markup=False, soft_wrap=True)


def _do(
    plan: "Plan",
    bench: "BenchGiven",
    store: "Store",
    control: "Control",
    kept: "CampaignLog",
    speed: float,
    side_by_side: int,
    announce: Callable[[int, int], None] | None,
) -> "list[LaneDone]":
    from app.campaign.lanes import lanes
    from app.cli.execute import showing
    from app.cli.requests import Asked
    from app.runner.campaign import CampaignRunner
    from app.runner.lanes import LaneDone, LaneJob, StepDone, run_lanes
    from app.runner.log import open_log
    from core.clock import RealClock, VirtualClock

    def say(text: str) -> None:
        if announce is None:
            err.print(text, markup=False, soft_wrap=True)

    if side_by_side > 1:
        asked = Asked(say)

        def news(done: LaneDone) -> None:
            for each in done.steps:
                say(words(each))
            for refusal in done.passed_over:
                say(_refused(refusal))
            asked.look(store, [run.run for run in store.campaign(kept.campaign).runs() if run.live])

        jobs = [
            LaneJob(f"sqlite:///{store.path}", bench.file, bench.text, part, kept.campaign, 1, speed)
            for part in lanes(plan)
        ]
        return run_lanes(jobs, side_by_side, news, control)
    clock = VirtualClock(speed) if bench.file.wholly_simulated else RealClock()
    started: list[int] = []
    with (
        showing(store, started, live=announce is None),
        CampaignRunner(
            store,
            bench.file,
            bench.text,
            clock,
            control=control,
            campaign=kept.campaign,
            log_path=open_log(),
            announce=announce,
            started=started.append,
            ended=lambda each: say(words(StepDone.of(each))),
            waiting=say,
            refused=lambda refusal: say(_refused(refusal)),
        ) as runner,
    ):
        steps = tuple(map(StepDone.of, runner.work_through(plan)))
        return [LaneDone(steps, tuple(runner.passed_over))]


def verdict(parts: "Sequence[LaneDone]", planned: int) -> tuple[RunState, str]:
    """Return how a campaign ended, and why in words, by how the steps of its parts did.

    Parameters
    ----------
    parts : sequence of LaneDone
    planned : int
        How many steps its file has.
    """
    done = [each for part in parts for each in part.steps]
    lasts = [part.steps[-1] for part in parts if part.steps]
    count = f"{len(done)} step{'s' * (len(done) != 1)} done of {planned} in the file"
    state, reason = RunState.FINISHED, count
    faults = [each for each in done if each.outcome.ended not in (*GOOD, *BY_OPERATOR)]
    ended = [each for each in lasts if each.outcome.ended in BY_OPERATOR]
    if aborted := [each for each in done if each.outcome.ended is Ended.ABORTED]:
        state, reason = RunState.ABORTED, f"aborted by the operator in {aborted[0].path}; {count}"
    elif ended:
        how = ended[0].outcome.ended
        state, reason = RunState.STOPPED, f"{how} by the operator in {ended[0].path}; {count}"
    elif any(part.called_off for part in parts):
        state, reason = RunState.STOPPED, f"stopped by the operator; {count}"
    elif faults:
        outcome = faults[-1].outcome
        state, reason = RunState.FAILED, f"{faults[-1].path}: {outcome.end_reason}; {count}"
    elif not done:
        state, reason = RunState.STOPPED, "nothing was started"
    passed_over = [refusal for part in parts for refusal in part.passed_over]
    if passed_over and not done:
        state = RunState.FAILED
    return state, "; ".join((reason, *map(_refused, passed_over)))


def _refused(refusal: "Refusal") -> str:
    return f"{refusal.path} passed over: {refusal.reason}"


def words(done: "StepDone") -> str:
    """Say in one line what came of a step."""
    outcome = done.outcome
    ended = f"{outcome.ended} ({outcome.end_reason}), run {outcome.run}"
    return f"{done.path}  {done.cell}  {done.protocol}: {ended}"


def _full(parts: "Sequence[LaneDone]") -> dict[str, Any]:
    return {
        "steps": [as_json(each) for part in parts for each in part.steps],
        "passed_over": [
            {"path": each.path, "cell": each.cell, "reason": each.reason}
            for part in parts
            for each in part.passed_over
        ],
    }


def as_json(done: "StepDone") -> dict[str, Any]:
    """Return a step's entry in a campaign's JSON."""
    return {
        "path": done.path,
        "cell": done.cell,
        "protocol": done.protocol,
        "run": done.outcome.run,
        "state": str(done.outcome.state),
        "ended": str(done.outcome.ended),
        "end_reason": done.outcome.end_reason,
    }
