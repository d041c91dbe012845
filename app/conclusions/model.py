"""The diffusion model held against a stripped alloy: D from t₀ and the relaxation, and what can be used."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.diffusion.material import FRAMES, Frame, alloy
from analysis.diffusion.relaxation import Law, Relaxation, RelaxationFit, fit_relaxation
from app.conclusions.at_rest import RELAXATION, gap_between, potential_at_rest, stripping_before
from app.conclusions.facts import Facts
from app.conclusions.foils import UtilisationRow, utilisations_of, utilisations_of_the_paper
from app.conclusions.refused import Refused
from app.conclusions.transitions import Depletion
from core.cell import LITHIUM_FRACTION
from core.errors import BadInput
from core.records import Floats

LAWS: tuple[Law, ...] = ("constant", "exponential")

SAME_TEMPERATURE = 2.0
"""K by which stripping and relaxation may differ."""


@dataclass(frozen=True, eq=False)
class AlloyModel:
    """One model fitted to t₀ and to the potential at rest of the same electrode.

    Attributes
    ----------
    metal : str
    runs : tuple of int
        The stripping and the relaxation after it.
    frame : str
        ``"fixed"`` or ``"conserving"``.
    law : str
        ``"constant"`` or ``"exponential"``: how D depends on the composition.
    temperature : float
        K, of the stripping; D belongs to it.
    density, thickness : float
        A/m², and of the foil in m.
    diffusivity, diffusivity_error : float
        m²/s at the starting composition, and its standard error.
    steepness, steepness_error : float
        β of D = D₀ exp(−β (x − x₀)); 0 and nan for a constant D.
    drop_name, drop : str, float
        Which drop of the concentration depletes the interface, and its value in mol/m³.
    measured_time, predicted_time : float
        t₀ in s.
    time_by : str
        ``"vanishing"`` where t₀ is the one extrapolated to 1/R_int → 0, else ``"threshold"``.
    relaxation : ndarray, shape (n,)
        s after the current ended.
    measured_ocv, predicted_ocv : ndarray, shape (n,)
        V.
    diffusivity_by_time : float
        D in m²/s that t₀ alone gives.
    ocv_by_time : ndarray, shape (n,)
        V, what the model predicts with that.
    rms : float
        V, of the potential.
    information : float
        AICc; the lower of two is the better model of the same data.
    preferred : bool
        Whether it is the one of this electrode that describes the data best.
    why : str
        In words, with the numbers.
    """

    metal: str
    runs: tuple[int, ...]
    frame: Frame
    law: Law
    temperature: float
    density: float
    thickness: float
    diffusivity: float
    diffusivity_error: float
    steepness: float
    steepness_error: float
    drop_name: str
    drop: float
    measured_time: float
    predicted_time: float
    time_by: str
    relaxation: Floats
    measured_ocv: Floats
    predicted_ocv: Floats
    diffusivity_by_time: float
    ocv_by_time: Floats
    rms: float
    information: float
    preferred: bool
    why: str


def alloy_models(
    facts: Sequence[Facts], depletions: Sequence[Depletion]
) -> tuple[list[AlloyModel], list[Refused]]:
    """Fit the diffusion model to every alloy electrode that was stripped and then left to relax.

    Each is fitted in both frames, with a D that is constant and one that falls exponentially with
    magnesium. The potential is taken as one against lithium: that of a counter electrode of lithium.

    Parameters
    ----------
    facts, depletions : sequence
        Of all runs looked at. A relaxation belongs to the run on the same cell whose current ended
        right before it.
    """
    models: list[AlloyModel] = []
    refused: list[Refused] = []
    by_run = {each.run: each for each in depletions}
    for relaxation in facts:
        if relaxation.protocol != RELAXATION:
            continue
        stripping = stripping_before(relaxation, facts)
        runs = tuple(each.run for each in (stripping, relaxation) if each is not None)
        why = _unfit(relaxation, stripping, by_run)
        if why is not None:
            refused.append(Refused(f"diffusion model of {relaxation.cell.name}", *why, runs))
            continue
        assert stripping is not None
        fitted, failed = _fitted(stripping, relaxation, by_run[stripping.run])
        models += fitted
        refused += failed
    if not models and not refused:
        refused.append(
            Refused(
                "diffusion model",
                "no electrode was stripped until depletion and then left to relax.",
                "run GeisStripping and OcvRelaxation on an alloy, one after the other.",
                tuple(each.run for each in facts),
            )
        )
    return models, refused


def _unfit(
    relaxation: Facts, stripping: Facts | None, by_run: dict[int, Depletion]
) -> tuple[str, str] | None:
    """Return why a relaxation says nothing of diffusion, and what to do; None if it may."""
    run = relaxation.run
    if LITHIUM_FRACTION[relaxation.metal] == 1:
        return (
            f"the electrode of run {run} is {relaxation.metal}: it has no composition that could change.",
            "relax an alloy.",
        )
    if relaxation.cell.counter.anode != "Li":
        return (
            f"the counter of run {run} is {relaxation.cell.counter.anode}: its own potential may move.",
            "measure against lithium.",
        )
    if stripping is None:
        return (
            f"no run that was given stripped {relaxation.cell.name} right before run {run}.",
            "name the stripping run as well.",
        )
    found = by_run.get(stripping.run)
    if found is None or found.censored or found.density <= 0:
        return (
            f"run {stripping.run}, which run {run} follows, has no t0.",
            "strip until the interface is depleted.",
        )
    if (
        relaxation.temperature is not None
        and abs(relaxation.temperature - found.temperature) > SAME_TEMPERATURE
    ):
        return (
            f"run {stripping.run} was stripped at {found.temperature - 273.15:.1f} °C and relaxed in run "
            f"{run} at {relaxation.temperature - 273.15:.1f} °C.",
            "keep the temperature: one D holds at one temperature.",
        )
    return None


def _fitted(
    stripping: Facts, relaxation: Facts, depletion: Depletion
) -> tuple[list[AlloyModel], list[Refused]]:
    """Fit all models to one electrode."""
    since, potential = potential_at_rest(relaxation.reader, gap_between(stripping, relaxation))
    time, error, by = _transition(depletion)
    measured = Relaxation(
        depletion.density,
        stripping.cell.foil_thickness,
        depletion.temperature,
        time,
        error,
        since,
        potential,
    )
    models, refused, runs = [], [], (stripping.run, relaxation.run)
    for frame in FRAMES:
        for law in LAWS:
            try:
                found = fit_relaxation(alloy(stripping.metal, frame=frame), measured, law)
            except BadInput as bad:
                what = f"diffusion model of {stripping.cell.name}, {frame} frame, {law} D"
                refused.append(Refused(what, bad.problem, bad.remedy, runs))
                continue
            models.append(_model(stripping.metal, runs, measured, by, found))
    return _judged(models), refused


def _transition(depletion: Depletion) -> tuple[float, float, str]:
    """Return t0, its standard error in s, and by which criterion: lithium is gone as 1/R_int vanishes."""
    if depletion.vanishing is not None and np.isfinite(depletion.vanishing):
        error = depletion.vanishing_error
        return depletion.vanishing, 0.0 if error is None or not np.isfinite(error) else error, "vanishing"
    error = depletion.error
    return depletion.time, 0.0 if error is None or not np.isfinite(error) else error, "threshold"


def _model(
    metal: str, runs: tuple[int, ...], measured: Relaxation, by: str, found: RelaxationFit
) -> AlloyModel:
    return AlloyModel(
        metal,
        runs,
        found.alloy.frame,
        found.law,
        measured.temperature,
        measured.density,
        measured.thickness,
        found.alloy.diffusivity,
        found.diffusivity_error,
        found.alloy.steepness,
        found.steepness_error,
        "c0 − c_min",
        found.alloy.start - found.alloy.least,
        measured.time,
        found.time,
        by,
        measured.since,
        measured.potential,
        found.potential,
        found.diffusivity_by_time,
        found.potential_by_time,
        found.rms,
        found.information,
        False,
        "",
    )


def _judged(models: list[AlloyModel]) -> list[AlloyModel]:
    """Say of each model how it compares with the best one of the same electrode."""
    if not models:
        return []
    best = min(models, key=lambda each: each.information)
    return [replace(each, preferred=each is best, why=_why(each, best)) for each in models]


def _why(model: AlloyModel, best: AlloyModel) -> str:
    hours = model.relaxation[-1] / 3600
    words = (
        f"t0 {model.predicted_time / 3600:.2f} h where {model.measured_time / 3600:.2f} h were measured, and "
        f"{model.predicted_ocv[-1] * 1e3:.2f} mV after {hours:.1f} h where "
        f"{model.measured_ocv[-1] * 1e3:.2f} mV were; "
        f"rms {model.rms * 1e3:.2f} mV, AICc {model.information:.1f}".replace("-", "−")
    )
    if model is best:
        return f"{words}: the lowest of the models compared."
    return f"{words}, {model.information - best.information:.1f} above the best ({best.frame}, {best.law} D)."


def utilisations(models: Sequence[AlloyModel] | None = None) -> list[UtilisationRow]:
    """Return how much of usual foils can be used until their interfaces are depleted.

    With D of the paper, at some temperatures, in both frames; and with what `models` preferred, at the
    temperature it was measured at: nothing is known of its activation energy.
    """
    rows = utilisations_of_the_paper()
    for model in models or ():
        if model.preferred:
            chosen = alloy(model.metal, model.diffusivity, model.frame, steepness=model.steepness)
            source = f"{model.law} D fitted to runs {', '.join(str(each) for each in model.runs)}"
            rows += utilisations_of(model.metal, chosen, model.temperature, source)
    return rows
