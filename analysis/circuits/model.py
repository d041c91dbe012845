"""A circuit with everything that is said about it, ready to be fitted."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from analysis.circuits.compilation import Law, all_slots, law_of, program_of
from analysis.circuits.constraints import Bounds, Expected, Restrictions, Tie, restricted, restrictions
from analysis.circuits.expected import of_slots, of_user, rows_of
from analysis.circuits.naming import by_own_names, split_where_said
from analysis.circuits.network import Element, Kind, Node, Zarc
from analysis.circuits.notation import parse, render
from analysis.circuits.order import Group, in_order, interchangeable
from analysis.circuits.quantities import formulas_of, unit_symbol
from analysis.circuits.reported import AnyFormula, Reported
from analysis.circuits.slots import Scale, Slot, kind_of, leaves, series_leaves
from analysis.circuits.standard import STANDARDS, THREE_ARCS, Standard
from analysis.engine.program import Program
from analysis.normalise import ROOM_TEMPERATURE
from analysis.priors import Priors
from core.errors import BadInput
from core.records import Floats, Value

TYPICAL_BAND = (1.0, 1e6)
"""Hz; what an instrument is taken to cover where nobody says."""


@dataclass(frozen=True)
class Arc:
    """A ZARC in series with everything else.

    Attributes
    ----------
    name : str
        ``"bulk"``, ``"gb"``, ``"con"``, ``"int"`` in the standard circuits, otherwise the name of
        its resistor.
    ln_r, ln_tau, alpha : int
        Places in θ; −1 where held.
    """

    name: str
    ln_r: int
    ln_tau: int
    alpha: int


@dataclass(frozen=True, eq=False)
class Circuit:
    """A circuit and what is said about its parameters; made by `circuit`.

    Attributes
    ----------
    node : Node
        The elements as they are connected.
    slots : tuple of tuple of Slot
        The quantities of each element, from left to right.
    said : Restrictions
        What the user said, by the names of the slots.
    standard : Standard or None
        The known circuit that this is, if it is one.
    """

    node: Node
    slots: tuple[tuple[Slot, ...], ...]
    said: Restrictions
    standard: Standard | None = None

    @cached_property
    def text(self) -> str:
        """Return the circuit in the field's notation, with restrictions in braces."""
        return render(self.node) + self._braces

    @cached_property
    def model(self) -> str:
        """Return the name kept with fits; `circuit` understands it."""
        return self.standard.model + self._braces if self.standard else self.text

    @property
    def _braces(self) -> str:
        said = self.said.texts()
        return f" {{{', '.join(said)}}}" if said else ""

    @cached_property
    def _flat(self) -> list[Slot]:
        return [slot for own in self.slots for slot in own]

    @cached_property
    def _law(self) -> tuple[Law, tuple[str, ...]]:
        return law_of(self._flat)

    @property
    def law(self) -> Law:
        """Return how the quantities of the elements follow θ."""
        return self._law[0]

    @property
    def free(self) -> tuple[str, ...]:
        """Return the names of θ, e.g. ``"ln R_int"``; an inductance in series is in µH."""
        return self._law[1]

    @cached_property
    def program(self) -> Program:
        """Return the circuit as the engines run it."""
        return program_of(self.node, self._flat, self.law)

    @cached_property
    def pairs(self) -> tuple[tuple[Element | Zarc, tuple[Slot, ...]], ...]:
        """Return the elements from left to right, each with its slots."""
        return tuple(zip(leaves(self.node), self.slots, strict=True))

    @cached_property
    def place(self) -> dict[str, int]:
        """Return the number of each named slot."""
        return {slot.name: number for number, slot in enumerate(self._flat) if slot.name}

    @cached_property
    def _top(self) -> set[int]:
        top = {id(leaf) for leaf in series_leaves(self.node)}
        return {number for number, (leaf, _) in enumerate(self.pairs) if id(leaf) in top}

    @cached_property
    def arcs(self) -> tuple[Arc, ...]:
        """Return the ZARCs in series with everything else, in the order of the text."""
        labels = self.standard.arcs if self.standard else {}
        found, first = [], 0
        for number, (leaf, own) in enumerate(self.pairs):
            if kind_of(leaf) is Kind.ZARC and number in self._top:
                name = leaf.resistor if isinstance(leaf, Zarc) else leaf.name
                places = self.law.parameter[first : first + len(own)]
                found.append(Arc(labels.get(name, name), *(int(place) for place in places)))
            first += len(own)
        return tuple(found)

    @cached_property
    def interface(self) -> tuple[Arc, ...]:
        """Return the arcs that make up R_int, the slower last; none where the circuit has no R_int."""
        names = self.standard.interface if self.standard else ()
        return tuple(arc for arc in self.arcs if arc.name in names)

    def priors(
        self,
        scale: float,
        temperature: float = ROOM_TEMPERATURE,
        band: tuple[float, float] = TYPICAL_BAND,
    ) -> Priors:
        """Return what is expected before the fit, as rows of the least-squares problem.

        Standard circuits expect a lithium | LLZO cell (see `analysis.priors`); of others only that
        resistances are within decades of |Z| and time constants within three decades of the band.
        The rows depend on neither `scale` nor `band`; the target is linear in the logarithm of `scale`.

        Parameters
        ----------
        scale : float
            Typical |Z| in Ω.
        temperature : float
            Of the cell, K.
        band : (float, float)
            Lowest and highest frequency measured, Hz.
        """
        slots = [slot for slot in self._flat if slot.name]
        wide = of_slots(slots, scale, band)
        known = self.standard.expectations(scale, temperature) if self.standard else wide
        user = self.said.priors
        kept = [one for one in known if len(one.combination) > 1 or not set(one.combination) & set(user)]
        kept += [of_user(self._flat[self.place[name]], *said) for name, said in user.items()]
        return rows_of(kept, wide, self._flat, self.law, len(self.free))

    @cached_property
    def _formulas(self) -> dict[str, AnyFormula]:
        if self.standard:
            return self.standard.formulas(self.place.__getitem__)
        return formulas_of(self.pairs)

    @cached_property
    def units(self) -> dict[str, str]:
        """Return the unit of every quantity, e.g. ``"Ω"``; empty for exponents."""
        return {name: unit_symbol(name, self._flat) for name in self._formulas}

    @cached_property
    def _reported(self) -> Reported:
        scatter = np.zeros((len(self._flat), len(self.free)))
        followed = np.flatnonzero(self.law.parameter >= 0)
        scatter[followed, self.law.parameter[followed]] = 1.0
        return Reported(list(self._formulas.values()), scatter)

    def quantities(self, theta: Floats, covariance: Floats) -> tuple[dict[str, Floats], dict[str, Floats]]:
        """Return what fits are read for, and standard errors, SI and absolute.

        Of standard circuits L, R, τ, α, Q and both capacitances under physical names, and
        R_electrolyte = R_bulk + R_gb, which stays meaningful where only their sum can be seen; of
        others every quantity of every element, and of arcs Q and C = τ/R, too.

        Parameters
        ----------
        theta : ndarray, shape (N, p)
        covariance : ndarray, shape (N, p, p)

        Returns
        -------
        values, stderrs : dict of str to ndarray, shape (N,)
        """
        values, stderrs = self._reported.evaluate(*self.law.values(theta), covariance)
        return dict(zip(self._formulas, values.T, strict=True)), dict(
            zip(self._formulas, stderrs.T, strict=True)
        )

    def theta_of(self, parameters: Mapping[str, Value]) -> Floats | None:
        """Return θ of an earlier fit, shape (p,), or None if its quantities do not determine it."""
        theta = np.full(len(self.free), np.nan)
        for number, slot in enumerate(self._flat):
            at = self.law.parameter[number]
            if at < 0 or slot.follows:
                continue
            value = parameters[slot.name].value if slot.name in parameters else float("nan")
            if slot.scale is Scale.LOGARITHM and not value > 0:
                return None
            theta[at] = self.law.theta(number, slot.inside(value))
        return theta if np.all(np.isfinite(theta)) else None

    @cached_property
    def groups(self) -> list[Group]:
        """Return the elements that nothing but their names tells apart."""
        others = [tie if isinstance(tie, str) else tie[0] for tie in self.said.ties.values()]
        return interchangeable(self.pairs, self._top, self.law.parameter, {*self.said.names, *others})

    def with_order(self, theta: Floats) -> Floats:
        """Return θ with elements that nothing but their names tells apart sorted by time constant.

        Fast ones come first in the text, so that labels cannot swap from fit to fit. The standard
        circuit has none: its grain boundary is told from the interface by α and priors.

        Parameters
        ----------
        theta : ndarray, shape (N, p)
        """
        return in_order(theta, self.groups)


def circuit(
    spec: "str | Circuit | None" = None,
    *,
    fix: Mapping[str, float] | None = None,
    bounds: Mapping[str, Bounds] | None = None,
    ties: Mapping[str, Tie] | None = None,
    priors: Mapping[str, Expected] | None = None,
) -> Circuit:
    """Return a circuit to be fitted.

    Parameters
    ----------
    spec : str or Circuit, optional
        ``"three arcs"`` (the default: inductance, bulk, grain boundary, interface),
        ``"two interface arcs"`` or ``"constriction"``, a circuit as text (see
        `analysis.circuits.notation`), the model name of a fit, or a circuit that is to be
        restricted further. Text may end in restrictions in braces, ``"R0-p(R1,C1) {R0=10}"``.
    fix, bounds, ties, priors : dict, optional
        See `analysis.circuits.constraints.Restrictions`; by names as in the text: ``R1``, ``L0``,
        ``C1``, ``CPE1_Q``, ``CPE1_alpha``, ``W1``, ``Ws1_R``, ``Ws1_tau``. A resistor in parallel with
        one CPE or C is handled by its time constant, named after the resistor: ``tau1``; its
        exponent may also be called ``alpha1``. Standard circuits have R_bulk, tau_bulk, R_gb, tau_gb,
        alpha_gb (held at 0.9 unless something is said), R_int, tau_int, alpha_int and L; with two interface
        arcs R_con, tau_con, alpha_con, and R_ct for the resistance of the slower one.

    Raises
    ------
    BadInput
        For text that is no circuit, unknown names, impossible or contradictory restrictions, and if
        nothing is left to fit.
    """
    said = Restrictions(fix or {}, bounds or {}, ties or {}, priors or {})
    if isinstance(spec, Circuit):
        return _restricted(spec, said)
    if not isinstance(spec, str | None):
        raise BadInput(f"{spec!r} is not a circuit;", 'write it as text, for example "R0-p(R1,CPE1)".')
    plain = _unrestricted(THREE_ARCS.words[0] if spec is None else spec)
    return _restricted(plain, said) if said.names else plain


@lru_cache(maxsize=64)
def _unrestricted(text: str) -> Circuit:
    """Return a circuit about which nothing is said but in its text."""
    bare, brace, rest = text.partition("{")
    if brace and not rest.rstrip().endswith("}"):
        raise BadInput(f"{text!r} has a brace that is not closed;", 'add "}" after the restrictions.')
    said = restrictions(one for one in rest.rstrip().rstrip("}").split(",") if one.strip())
    word = bare.strip().lower()
    for standard in STANDARDS:
        if word in [name.lower() for name in standard.words]:
            node, slots = standard.node, tuple(standard.slots())
            return _restricted(Circuit(node, slots, Restrictions(), standard), said)
    node = parse(bare)
    return _restricted(Circuit(node, all_slots(node), Restrictions()), said)


def _restricted(known: Circuit, said: Restrictions) -> Circuit:
    """Return a circuit about which something more is said."""
    said.check()
    if known.standard:
        node, plain = known.node, tuple(known.standard.slots())
    else:
        node = split_where_said(known.node, said)
        plain = all_slots(node)
    flat = [slot for own in plain for slot in own]
    named = by_own_names(said, flat, _known_names(node, flat, known.standard), render(known.node))
    together = known.said.joined(named)
    free = iter(restricted(flat, together))
    slots = tuple(tuple(next(free) for _ in own) for own in plain)
    result = Circuit(node, slots, together, known.standard)
    if not result.free:
        raise BadInput(f"Every parameter of {render(node)} is held;", "leave at least one to be fitted.")
    return result


def _known_names(node: Node, slots: list[Slot], standard: Standard | None) -> list[str]:
    names = [slot.name for slot in slots if slot.name]
    if standard is None:
        arcs = [leaf for leaf in leaves(node) if isinstance(leaf, Zarc)]
        names += [arc.capacitor if arc.ideal else f"{arc.capacitor}_Q" for arc in arcs]
    return names
