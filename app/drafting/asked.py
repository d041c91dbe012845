"""What is handed in to be checked: a draft of one experiment, or a queue of several."""

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import BadInput
from core.files import explain

_Model = TypeVar("_Model", bound=BaseModel)


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StepDraft(_Asked):
    """One experiment: a protocol, its parameters and the cell, as they are typed."""

    protocol: str = ""
    parameters: dict[str, Any] = Field(default_factory=dict)
    cell: dict[str, Any] = Field(default_factory=dict)


class Draft(StepDraft):
    """One experiment, and where it is meant to be done."""

    bench: str | None = None
    store: str | None = None
    title: str = ""
    notes: str = ""


class QueuedStep(StepDraft):
    """One step of a queue.

    `fresh` mounts the next working electrode of its kind; `count` says how many of them there are, and
    may be left out: then there are as many as the queue mounts.
    """

    name: str = ""
    fresh: bool = False
    count: int | None = Field(default=None, ge=1)
    allow_spent: bool = False


class Queue(_Asked):
    """Steps that are done one after the other."""

    name: str = ""
    title: str = ""
    notes: str = ""
    bench: str | None = None
    store: str | None = None
    steps: tuple[QueuedStep, ...] = ()


def read(model: type[_Model], given: Any, what: str) -> _Model:
    """Check the shape of what was handed in.

    Raises
    ------
    BadInput
        For unknown keys and values of another kind; what is typed into the fields is not judged here.
    """
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise explain(error, what) from None
    except RecursionError:
        raise BadInput(f"{what} is nested too deeply;", "leave tables within tables out.") from None
