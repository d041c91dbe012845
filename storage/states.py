"""Which states something that is worked at goes on in, and which it ends in."""

from core.records import RunState

ENDED = (RunState.FINISHED, RunState.STOPPED, RunState.ABORTED, RunState.FAILED)
"""The states a run or a campaign can end in; *interrupted* is found by the reader."""


def is_live(state: RunState) -> bool:
    """Whether somebody is at work on what is in this state."""
    return state not in ENDED and state is not RunState.INTERRUPTED


def refuse_end(state: RunState) -> None:
    """Raise a `ValueError` for a state that what goes on cannot be set to."""
    if not is_live(state):
        raise ValueError(f"what goes on is ended with finish(), not set to {state}")


def require_end(state: RunState) -> None:
    """Raise a `ValueError` for a state that nothing can end in."""
    if state not in ENDED:
        raise ValueError(f"a run cannot end as {state}")
