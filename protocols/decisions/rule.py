"""What every rule has in common."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, ClassVar, Self

from core.errors import BadInput
from core.records import Decision
from protocols.decisions.kept_fit import KeptFit

Poll = tuple[float, float, float]
"""Bench second, E in V and I in A of one look at the channel."""

CELL_FOLLOWS = "T of the cell"
"""What `Rule.changed_at` is told while a cell follows its chamber to another temperature."""


@dataclass(kw_only=True)
class Rule(ABC):
    """Draws one kind of conclusion from the fits it is shown, one after the other.

    Its parameters are fixed once it exists. What it concludes follows from them and from what it
    is shown alone, so that it concludes the same when it is shown the same again.

    Parameters
    ----------
    acts : bool
        Whether the bench does something else because of its conclusion.

    Attributes
    ----------
    overridden : bool
        Whether the operator took its power to act: it goes on concluding, and nothing follows.
    """

    name: ClassVar[str]
    """Of its decisions."""
    alarm: ClassVar[bool] = False
    """Whether its decisions are to wake somebody."""
    concludes_from_polls: ClassVar[bool] = False
    """Whether its conclusion may rest on the polls that it holds when it is told to conclude."""

    acts: bool = False
    overridden: bool = field(default=False, init=False)

    def __setattr__(self, name: str, value: object) -> None:
        if name in self.__dict__ and name in parameter_names(type(self)):
            raise AttributeError(f"{name} of the rule {self.name!r} is fixed; make another rule")
        object.__setattr__(self, name, value)

    def parameters(self) -> dict[str, Any]:
        """Return its parameters, JSON-able."""
        return {name: getattr(self, name) for name in parameter_names(type(self))}

    @classmethod
    def from_parameters(cls, parameters: dict[str, Any]) -> Self:
        """Return a rule with these parameters that has seen nothing.

        Raises
        ------
        BadInput
            If it has no such parameters.
        """
        try:
            return cls(**parameters)
        except TypeError as error:
            raise BadInput(
                f"the rule {cls.name!r} cannot be made again from {parameters!r} ({error});",
                "use the version of stripbench that the run was made with.",
            ) from None

    @abstractmethod
    def see(self, kept: KeptFit) -> Decision | None:
        """Look at the next fit; return a decision when there is something to conclude."""

    def see_voltage(self, time: float, voltage: float, current: float) -> Decision | None:
        """Look at E in V under a current in A held by the instrument, at bench second `time`.

        Called once a poll. A conclusion rests on `polls`, on fits and on nothing else.
        """
        return None

    @property
    def polls(self) -> tuple[Poll, ...]:
        """The polls that show a rule like this one what this one has just seen."""
        return ()

    def disturbed_at(self, time: float) -> None:  # noqa: B027 - most rules do not mind
        """Take note that the current was interrupted at bench second `time`."""

    def changed_at(self, time: float, what: str) -> None:  # noqa: B027 - most rules do not mind
        """Take note that the bench changed something on purpose: ``"T"``, ``"p"``, or `CELL_FOLLOWS`."""

    def conclude(self, time: float, ending: str) -> Decision | None:
        """Say what there is to say when that which the rule was armed for is over.

        Parameters
        ----------
        time : float
            Bench seconds.
        ending : str
            How it ended: a word of `core.records.Ended`, or of the program's ending.
        """
        return None

    def decision(
        self,
        outcome: str,
        time: float,
        values: dict[str, Any],
        fits: Iterable[int] = (),
        *,
        acting: bool = False,
    ) -> Decision:
        """Return a decision of this rule; one that is `acting` changes the bench if the rule may."""
        changes = acting and self.acts and not self.overridden
        return Decision(self.name, outcome, float(time), self.parameters() | values, tuple(fits), changes)


@cache
def parameter_names(kind: type[Rule]) -> tuple[str, ...]:
    """Return the names of the parameters of a kind of rule, in the order of declaration."""
    return tuple(each.name for each in fields(kind) if each.init)
