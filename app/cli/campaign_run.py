"""``stripbench run CAMPAIGN.toml``: working through a campaign in the foreground."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.cli.output import err, out, write_json
from core.errors import BadInput
from core.records import Ended, RunState

if TYPE_CHECKING:
    from app.campaign.plan import Plan
    from app.runner.job import BenchGiven
    from app.runner.lanes import StepDone
    from protocols.control import Control
    from storage import CampaignLog, Store

GOOD = (Ended.FINISHED, Ended.CUT_OFF, Ended.LIMIT, Ended.DEPLETED, Ended.SHORTED, Ended.NOT_REACHED)
"""Ends of a step that are results."""


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
    from app.campaign.needed import needed
    from app.runner.beating import beating
    from app.runner.campaign import check
    from drivers.abilities import abilities_of
    from storage import CampaignHeader

    lines = dict(check(plan, abilities_of(bench.file)))
    if announce is None:
        for kind in needed(plan).cells:
            names = ", ".join(kind.names)
            err.print(f"cells of kind {kind.kind} ({kind.anode}): {names}", markup=False, soft_wrap=True)
    header = CampaignHeader(
        name=plan.name,
        bench=bench.file.name,
        simulated=bench.file.simulated,
        title=plan.title,
        text="\n".join(plan.texts.values()),
        bench_text=bench.text,
        plan=[{"path": path, "lines": words} for path, words in lines.items()],
    )
    kept = store.begin_campaign(header)
    state, reason, done = RunState.FAILED, "the runner ended unexpectedly", []
    try:
        with beating(kept):
            done = _do(plan, bench, store, control, kept, speed, side_by_side, announce)
        state, reason = _verdict(done, len(lines))
    except BadInput as error:
        reason = str(error)
        raise
    finally:
        kept.finish(state, reason)
        kept.close()
    if json_file:
        write_json({"campaign": kept.campaign, "steps": [as_json(each) for each in done]}, json_file)
    elif announce is None:
        out.print(f"campaign {kept.campaign}: {state} ({reason})", markup=False)
    return {RunState.FINISHED: 0, RunState.STOPPED: 3, RunState.ABORTED: 3}.get(state, 4)


def _do(
    plan: "Plan",
    bench: "BenchGiven",
    store: "Store",
    control: "Control",
    kept: "CampaignLog",
    speed: float,
    side_by_side: int,
    announce: Callable[[int, int], None] | None,
) -> "list[StepDone]":
    from app.campaign.lanes import lanes
    from app.runner.campaign import CampaignRunner
    from app.runner.lanes import LaneJob, StepDone, run_lanes
    from app.runner.log import open_log
    from core.clock import RealClock, VirtualClock

    def news(steps: "list[StepDone]") -> None:
        for each in steps:
            if announce is None:
                err.print(words(each), markup=False)

    if side_by_side > 1:
        jobs = [
            LaneJob(f"sqlite:///{store.path}", bench.file, bench.text, part, kept.campaign, 1, speed)
            for part in lanes(plan)
        ]
        return run_lanes(jobs, side_by_side, news)
    clock = VirtualClock(speed) if bench.file.wholly_simulated else RealClock()
    with CampaignRunner(
        store,
        bench.file,
        bench.text,
        clock,
        control=control,
        campaign=kept.campaign,
        log_path=open_log(),
        announce=announce,
        ended=lambda each: news([StepDone.of(each)]),
        waiting=lambda words: err.print(words, markup=False),
    ) as runner:
        return [StepDone.of(each) for each in runner.work_through(plan)]


def _verdict(done: "list[StepDone]", planned: int) -> tuple[RunState, str]:
    """Return how a campaign ended, by how its steps did."""
    if not done:
        return RunState.STOPPED, "nothing was started"
    words = [each.outcome.ended for each in done]
    if Ended.ABORTED in words:
        return RunState.ABORTED, "aborted by the operator"
    if words[-1] in (Ended.STOPPED, Ended.SKIPPED):
        return RunState.STOPPED, f"stopped by the operator after {len(done)} steps"
    bad = [each for each in done if each.outcome.ended not in (*GOOD, Ended.SKIPPED, Ended.STOPPED)]
    if bad:
        return RunState.FAILED, f"{bad[-1].path}: {bad[-1].outcome.end_reason}"
    return RunState.FINISHED, f"{len(done)} steps of {planned} in the file"


def words(done: "StepDone") -> str:
    """Say in one line what came of a step."""
    outcome = done.outcome
    ended = f"{outcome.ended} ({outcome.end_reason}), run {outcome.run}"
    return f"{done.path}  {done.cell}  {done.protocol}: {ended}"


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
