"""The base of every protocol: its parameters, and the verbs it is written in."""

import difflib
import math
from contextlib import suppress
from typing import Any, ClassVar

from pymeasure.experiment import Procedure
from pymeasure.experiment.parameters import Parameter

from analysis.circuits.model import Circuit, circuit
from core.cell import Cell
from core.errors import BadInput, StoreError
from core.records import Ended
from drivers.abilities import Abilities
from protocols.acquisition import Charge, Ending
from protocols.control import Aborted, Interlocked, SkippedError, StepStoppedError
from protocols.decisions import (
    Divergence,
    FastDrift,
    KeptFit,
    LargeResponse,
    Rule,
    ShortCircuit,
    SoftShort,
)
from protocols.decisions.rules import Rules
from protocols.known_cell import KnownCell
from protocols.session import Session
from protocols.stability import Potential
from protocols.verbs import Verbs


class Protocol(Verbs, Procedure):
    """Something that is done to a cell.

    A protocol declares parameters (`protocols.parameters`) and an `execute` that is written in the
    verbs below; it knows nothing of threads, SQL, sockets or Qt, and takes nothing from outside
    but verbs, fits and its parameters. Every fit is shown to the rules that stand (`house_rules`) and
    to those that the protocol arms itself; what they conclude is kept.

    Raises
    ------
    BadInput
        For an unknown parameter or a value that is refused.
    """

    spends_electrode: ClassVar[bool] = False
    """Whether it may leave the working electrode without contact, so that it cannot be stripped again."""

    def __init__(self, **parameters: object) -> None:
        known = self.declared()
        for name in parameters:
            if name not in known:
                close = difflib.get_close_matches(name, known, n=1)
                remedy = f'did you mean "{close[0]}"?' if close else f"it has {', '.join(known)}."
                raise BadInput(f"{type(self).__name__} has no parameter {name!r};", remedy)
        super().__init__()
        for name in known:
            if name in parameters:
                setattr(self, name, parameters[name])
        self.charge = Charge()
        self._ordinal = 0
        self._session: Session | None = None
        self._step: int | None = None
        self.ending = Ending.PROGRAM
        """Why the last current ended."""
        self.ended = Ended.FINISHED
        """In one word, how it ended; what follows in a campaign may depend on it."""
        self.end_reason = "finished"
        """In words, why it ended; kept with the run."""
        self.pauses = 0
        """How often the current was interrupted by the operator."""
        self.potential = Potential()
        """E as the last rest recorded it."""
        self.current_on: float | None = None
        """Bench second at which the last current was switched on, for the first time if it was paused."""
        self._last_usable: KeptFit | None = None
        self._proposal: dict[str, float] = {}

    @classmethod
    def declared(cls) -> dict[str, Parameter]:
        """The parameters: a protocol's own first, then those it shares, as they are declared."""
        found: dict[str, Parameter] = {}
        for base in cls.__mro__:
            for name, value in vars(base).items():
                if isinstance(value, Parameter):
                    found.setdefault(name, value)
        return found

    def values(self) -> dict[str, Any]:
        """The parameters as they stand, in declared units and order; JSON-able."""
        plain: dict[str, Any] = {}
        for name in self.declared():
            value = getattr(self, name)
            if isinstance(value, tuple):
                plain[name] = list(value)
            else:
                plain[name] = value if isinstance(value, int | float | str | type(None)) else str(value)
        return plain

    def as_written(self) -> dict[str, Any]:
        """Return the parameters that are set as a file would hold them, with their units."""
        written: dict[str, Any] = {}
        for name, parameter in self.declared().items():
            value = getattr(self, name)
            if isinstance(value, float):
                written[name] = f"{value!r} {parameter.units}"
            elif isinstance(value, tuple):
                written[name] = f"{', '.join(map(repr, value))} {parameter.units}"
            elif value is not None:
                written[name] = value if isinstance(value, int) else str(value)
        return written

    def plan(self, abilities: Abilities, cell: Cell) -> list[str]:
        """Work out what will be done to a cell, in absolute numbers, touching nothing.

        Returns
        -------
        list of str
            Lines for the operator: currents, amplitudes, limits, forces, what happens without the host.

        Raises
        ------
        BadInput
            For what the bench or the cell cannot do.
        """
        return []

    def longest(self, abilities: Abilities, cell: Cell) -> float:
        """Return an upper bound of its duration in s, without pauses; infinite where there is none."""
        return math.inf

    def circuit(self, known: KnownCell) -> Circuit:
        """Return the circuit that its spectra are fitted with, by what is known of the cell."""
        priors = {"alpha_gb": known.alpha_gb, "L": known.inductance}
        said = {name: prior for name, prior in priors.items() if prior is not None}
        return circuit(priors=said) if said else circuit()

    def execute(self) -> None:
        """Do it, in verbs."""
        raise NotImplementedError(f"{type(self).__name__} has no execute")

    def house_rules(self) -> list[Rule]:
        """Return the rules that watch every protocol: shorts, and fits that cannot be trusted."""
        short = ShortCircuit.of_cell(self.session.cell)
        return [short, SoftShort(), LargeResponse(), FastDrift(), Divergence()]

    def run(self, session: Session) -> None:
        """Run on a bench, from the first verb to the last."""
        self._session = session
        self._ordinal = 0
        self._step = session.recorder.begin_step(
            f"{session.path}/{type(self).__name__}/run/0", type(self).__name__, "run", {}, session.clock.now()
        )
        own = self._step
        session.rules = rules = Rules(session.recorder, session.clock.now, lambda: self._step or own)
        for rule in self.house_rules():
            rules.arm(rule)
        outcome = "failed"
        try:
            for line in self.plan(session.abilities, session.cell):
                session.event("plan", line)
            self.execute()
            outcome = "done"
        except StepStoppedError:
            outcome = self.ends(Ended.STOPPED)
        except SkippedError:
            outcome = self.ends(Ended.SKIPPED)
        except Aborted:
            outcome = "aborted"
            raise
        except Interlocked:
            outcome = "interlock"
            raise
        finally:
            # However it ended: what is known is kept with the run, if the store takes it.
            with suppress(StoreError):
                self._step = own
                for decision in rules.close(str(self.ended if outcome == "done" else outcome)):
                    session.tell(decision)
                session.recorder.end_step(own, session.clock.now(), outcome)
