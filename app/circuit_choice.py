"""The circuit as it is asked for on a command line: text, and what is held, bounded, tied or expected."""

from collections.abc import Sequence

from analysis.circuits.constraints import Restrictions, restriction
from analysis.circuits.model import Circuit, circuit
from core.errors import BadInput

EXAMPLES = {
    "fix": "--fix alpha_gb=0.85",
    "bound": '--bound "R_int=10 Ω..2 kΩ"',
    "tie": "--tie CPE2_alpha=CPE1_alpha",
    "prior": '--prior "L=0.55±0.05 µH"',
}
"""How each restriction is written."""


def chosen_circuit(
    text: str = "",
    fix: Sequence[str] = (),
    bound: Sequence[str] = (),
    tie: Sequence[str] = (),
    prior: Sequence[str] = (),
) -> Circuit:
    """Return the circuit that is asked for.

    Parameters
    ----------
    text : str
        As `analysis.circuits.model.circuit` reads it; empty for three arcs.
    fix, bound, tie, prior : sequence of str
        Restrictions as `analysis.circuits.constraints.restriction` reads them.

    Raises
    ------
    BadInput
        If it is no circuit, has no such parameters, or the restrictions contradict each other or
        are of another kind than their option.
    """
    together = Restrictions()
    for kind, texts in (("fix", fix), ("bound", bound), ("tie", tie), ("prior", prior)):
        for each in texts:
            one = restriction(each)
            said = {"fix": one.fix, "bound": one.bounds, "tie": one.ties, "prior": one.priors}
            if not said[kind]:
                raise BadInput(
                    f"--{kind} {each!r} is something else;", f"write for example {EXAMPLES[kind]}."
                )
            twice = set(one.names) & set(together.names)
            if twice:
                raise BadInput(f"{twice.pop()} is restricted twice;", "say only one thing about it.")
            together = together.joined(one)
    return circuit(
        text or None,
        fix=together.fix,
        bounds=together.bounds,
        ties=together.ties,
        priors=together.priors,
    )
