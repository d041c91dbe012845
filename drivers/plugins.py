"""Drivers of third parties, found by entry point.

A package that installs an entry point ``gauge:acme`` in the group ``stripbench.drivers`` makes
``model = "acme"`` known in the ``[gauge]`` table of a bench file; see docs/drivers.md.
"""

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from typing import Any

from core.errors import BadInput, InstrumentError, StripbenchError
from drivers.climate_chamber import ClimateChamber
from drivers.force_gauge import ForceGauge
from drivers.potentiostat import Potentiostat
from drivers.press import Press

GROUP = "stripbench.drivers"

KINDS: dict[str, type] = {
    "potentiostat": Potentiostat,
    "chamber": ClimateChamber,
    "gauge": ForceGauge,
    "press": Press,
}
"""What a driver of each role has to be."""


def plugins(role: str) -> dict[str, Any]:
    """Return the models that third parties provide for a role: name to entry point."""
    found = (each for each in entry_points(group=GROUP) if each.name.startswith(f"{role}:"))
    return {each.name.removeprefix(f"{role}:"): each for each in found}


def known_models(role: str, own: Mapping[str, Any]) -> list[str]:
    """Return the names of all models of a role, our own first."""
    return [*own, *sorted(set(plugins(role)) - set(own))]


def require_known(role: str, model: str, own: Mapping[str, Any], source: str) -> None:
    """Refuse a model that nobody provides.

    Raises
    ------
    BadInput
        Listing the models there are.
    """
    if model not in own and model not in plugins(role):
        known = ", ".join(f'"{each}"' for each in known_models(role, own))
        raise BadInput(
            f"{source}: {role}.model = {model!r} is not known;",
            f"known are {known}; install the package that drives it, or correct the name.",
        )


def factory(role: str, model: str) -> Callable[..., Any]:
    """Load what makes a third party's instrument.

    Raises
    ------
    BadInput
        If nobody provides it.
    InstrumentError
        If its package cannot be imported.
    """
    require_known(role, model, {}, "the bench file")
    point = plugins(role)[model]
    try:
        loaded: Callable[..., Any] = point.load()
    except Exception as error:
        raise InstrumentError(
            f"The driver {point.name!r} ({point.value}) cannot be loaded: {type(error).__name__}: {error}.",
            "Reinstall the package that provides it, or ask its author.",
        ) from error
    return loaded


def make(role: str, model: str, *arguments: Any) -> Any:
    """Make a third party's instrument from the arguments that its role gives it.

    Raises
    ------
    InstrumentError
        If it cannot be loaded, or is not what its role asks for.
    """
    build = factory(role, model)
    try:
        instrument = build(*arguments)
    except StripbenchError:
        raise
    except Exception as error:
        raise InstrumentError(
            f"The driver {role}:{model} failed: {type(error).__name__}: {error}.",
            "Check its table in the bench file, or ask its author.",
        ) from error
    kind = KINDS[role]
    if not isinstance(instrument, kind):
        raise InstrumentError(
            f"The driver {role}:{model} made a {type(instrument).__name__}, which is no {kind.__name__}.",
            f"Its author has to derive it from {kind.__module__}.{kind.__name__}.",
        )
    return instrument
