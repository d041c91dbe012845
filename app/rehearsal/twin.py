"""The simulated twin of a bench."""

from typing import Any

from core.files import BenchFile

QUICK_CADENCE = {"potentiostat": 10.0, "force": 60.0, "temperature": 60.0}
"""s between looks where only every tenth sweep is taken."""

SIMULATED = {"backend": "simulated", "address": "", "options": {}}
MODELS = {
    "potentiostat": {"model": "vmp300"},
    "chamber": {"model": "weiss-simserv"},
    "gauge": {"model": "mark10"},
    "press": {"model": "zaber"},
}
"""What stands in for a model that nobody simulates."""


def twin(bench: BenchFile, *, quick: bool) -> BenchFile:
    """Return a bench like `bench` of which every instrument is simulated.

    Ranges, channel, dead times, full scales and interlocks are those of the bench; models that
    nobody simulates are stood in for by those that are. Addresses are left out, so that nothing
    real can be reached by it.

    Parameters
    ----------
    bench : BenchFile
    quick : bool
        Look at the instruments less often.
    """
    cadence = bench.cadence.model_copy(update=QUICK_CADENCE) if quick else bench.cadence
    update: dict[str, Any] = {"name": f"{bench.name} (simulated twin)", "cadence": cadence}
    update["potentiostat"] = bench.potentiostat.model_copy(
        update=SIMULATED | {"library": ""} | MODELS["potentiostat"]
    )
    for role in ("chamber", "gauge", "press"):
        table = getattr(bench, role)
        update[role] = None if table is None else table.model_copy(update=SIMULATED | MODELS[role])
    return bench.model_copy(update=update)
