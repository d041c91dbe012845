"""Errors that an operator reads: what happened, with which value, and what to do about it."""


class StripbenchError(Exception):
    """Base of every error that is shown as one message instead of a traceback.

    Parameters
    ----------
    problem : str
        What is wrong, naming the thing and the value.
    remedy : str, optional
        What the reader can do about it.
    """

    def __init__(self, problem: str, remedy: str = "") -> None:
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{problem} {remedy}".strip())


class BadInput(StripbenchError):
    """A file, parameter or request that is refused before anything is started."""


class InstrumentError(StripbenchError):
    """An instrument that cannot be reached, answers nonsense or reports a fault."""


class StoreError(StripbenchError):
    """A store that is missing, newer than this program, locked or damaged."""


class StoreLocked(StoreError):
    """A store that another program has kept locked for too long; trying again may help."""
