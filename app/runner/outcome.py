"""How a run ended."""

from dataclasses import dataclass

from core.records import Ended, RunState


@dataclass(frozen=True)
class Outcome:
    """How a run ended."""

    run: int
    state: RunState
    end_reason: str
    ended: Ended = Ended.FAILED

    @property
    def exit_status(self) -> int:
        """0 finished, 3 stopped or aborted by the operator, 4 failed."""
        return {RunState.FINISHED: 0, RunState.STOPPED: 3, RunState.ABORTED: 3}.get(self.state, 4)
