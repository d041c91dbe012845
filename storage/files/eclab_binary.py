"""EC-Lab's binary files, .mpr, through yadg, which is installed only where it is asked for."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from core.errors import BadInput
from storage.files.eclab import amplitudes, technique_by_amplitude, without_rest
from storage.files.headings import headings
from storage.files.spectra import Columns, FileSpectrum, check_columns, in_si, needed, to_spectra

MAGIC = b"BIO-LOGIC MODULAR FILE"


def read_eclab_binary(name: str) -> list[FileSpectrum]:
    """Read every spectrum of an .mpr file.

    Raises
    ------
    BadInput
        If yadg is not installed, cannot read the file, or finds no impedance in it.
    """
    try:
        from yadg.extractors import extract
    except ImportError:
        raise BadInput(
            f"{name} is a binary EC-Lab file, and yadg, which reads them, is not installed;",
            "run: pip install 'stripbench[mpr]' – or export the file as text (.mpt) from EC-Lab.",
        ) from None
    with _warnings() as warned:
        try:
            data = extract("eclab.mpr", name)
        except Exception as error:  # noqa: BLE001 - yadg and what it stands on raise many kinds
            raise BadInput(
                f"{name} cannot be read as an EC-Lab file: {_reason(error)};",
                "it may be cut off, or newer than yadg; export it as text (.mpt) from EC-Lab.",
            ) from None
    dataset = data.to_dataset() if hasattr(data, "to_dataset") else data
    return to_spectra(without_rest(_columns(name, dataset, warned)))


def _columns(name: str, dataset: Any, warned: list[str]) -> Columns:
    variables = [key for key in dataset.data_vars if dataset[key].ndim == 1]
    texts = [f"{key}/{dataset[key].attrs.get('units', '')}".rstrip("/") for key in variables]
    found = headings(name, texts)
    check_columns(name, found, texts)
    numbers = {
        key: np.asarray(dataset[variables[found[key][0]]].values, dtype=np.float64) for key in needed(found)
    }
    values = in_si(found, numbers)
    settings = json.loads(dataset.attrs.get("original_metadata", "{}"))
    technique = str(settings.get("settings", {}).get("technique", "")).upper()
    notes = []
    if technique not in ("PEIS", "GEIS"):
        named, technique = technique, technique_by_amplitude(values)
        notes.append(f"technique {named or 'not named in the file'}, taken for {technique}")
    used = [variables[found[key][0]] for key in numbers]
    notes += [text for text in warned if any(f"'{key}'" in text for key in used)]
    asked = _amplitudes(technique, settings.get("params", {}))
    return Columns(name, values, technique, asked, notes=notes)


def _amplitudes(technique: str, settings: dict[str, list[Any]]) -> tuple[float, ...]:
    units = [str(unit) for unit in settings.get("unit  Ia", settings.get("unit Ia", []))]
    by_voltage = any(settings.get("Ia/Va", []))  # 0 is Ia
    return amplitudes(technique, settings.get("Va (mV)", []), settings.get("Ia", []), units, by_voltage)


def _reason(error: Exception) -> str:
    text = str(error).strip().splitlines()
    return f"{type(error).__name__}: {text[0][:200]}" if text else type(error).__name__


class _Kept(logging.Handler):
    def __init__(self, texts: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._texts = texts

    def emit(self, record: logging.LogRecord) -> None:
        self._texts.append(record.getMessage())


@contextmanager
def _warnings() -> Iterator[list[str]]:
    """Collect what yadg warns of, instead of having it printed."""
    texts: list[str] = []
    logger, handler = logging.getLogger("yadg"), _Kept(texts)
    propagated, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        yield texts
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagated
