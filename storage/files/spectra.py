"""From the columns of a file to its spectra."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from core.errors import BadInput
from core.records import Complexes, Floats, Spectrum
from storage.files.headings import Heading
from storage.files.numbers import Rows
from storage.files.plausibility import doubts, sign_contradicts
from storage.files.sweeps import split

UNKNOWN_TECHNIQUE = "EIS"
"""Where a file does not say what was controlled."""


@dataclass(frozen=True)
class FileSpectrum:
    """One spectrum of a file.

    Attributes
    ----------
    file : str
        The file as it was named.
    index : int
        Position of the spectrum in the file, from 0.
    spectrum : Spectrum
        Where a file has no times, voltages, currents or amplitudes, they are nan. Times are
        seconds as the file counts them.
    notes : tuple of str
        What had to be assumed or left out, and what looks wrong.
    """

    file: str
    index: int
    spectrum: Spectrum
    notes: tuple[str, ...] = ()


@dataclass
class Columns:
    """The columns of a file in SI, all of the same length n, spectra below each other.

    Attributes
    ----------
    name : str
        Of the file.
    values : dict of str to ndarray, shape (n,)
        By quantity, see `storage.files.headings.Heading`; ``frequency, real, imag`` at least.
    technique : str
    amplitudes : tuple of float
        Amplitude asked for in each sequence, A or V peak; empty where it is not known.
    sign_known : bool
        Whether the file says which sign its imaginary part has.
    captions : dict of float to str
        A note for each spectrum, by its number in ``values["cycle"]``.
    notes : list of str
        About the whole file.
    """

    name: str
    values: dict[str, Floats]
    technique: str = UNKNOWN_TECHNIQUE
    amplitudes: tuple[float, ...] = ()
    sign_known: bool = True
    captions: dict[float, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def quantities(
    rows: Rows, found: Mapping[str, tuple[int, Heading]], texts: Sequence[str], without: str = ""
) -> dict[str, Floats]:
    """Return the quantities of a table in SI, with frequency, real and imag among them.

    Parameters
    ----------
    rows : Rows
    found : dict of str to (int, Heading)
        Which column holds what.
    texts : sequence of str
        All headings.
    without : str, optional
        A quantity that is not to be read.

    Raises
    ------
    BadInput
        If frequency, real or imaginary part are neither there nor follow from what is there, if
        there is no row, or a value cannot be read.
    """
    check_columns(rows.file.name, found, texts)
    if not rows.cells:
        raise BadInput(f"{rows.file.name} ends before its first point;", "export the spectrum again.")
    keys = [key for key in needed(found) if key != without]
    columns = [found[key][0] for key in keys]
    numbers = rows.numbers(columns, [texts[column].strip() for column in columns])
    return in_si(found, dict(zip(keys, numbers, strict=True)))


def check_columns(name: str, found: Collection[str], texts: Sequence[str]) -> None:
    """Refuse a file that lacks frequency, real or imaginary part.

    Raises
    ------
    BadInput
        It names what is missing, and the headings that are there.
    """
    polar = {"modulus", "phase"} <= set(found)
    have = {
        "f": "frequency" in found or "omega" in found,
        "Z'": "real" in found or polar,
        "Z''": "imag" in found or polar,
    }
    missing = [word for word, is_there in have.items() if not is_there]
    if missing:
        there = ", ".join(repr(text.strip()) for text in texts if text.strip()) or "no headings"
        raise BadInput(
            f"{name} has no column for {' and '.join(missing)}; it has {there};",
            "an impedance file needs a frequency, a real and an imaginary part.",
        )


def in_si(found: Mapping[str, tuple[int, Heading]], numbers: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return the quantities of a file in SI, frequency, real and imag completed from others.

    Parameters
    ----------
    found : dict of str to (int, Heading)
        Which column holds what.
    numbers : dict of str to ndarray, shape (n,)
        As written, by quantity.
    """
    with np.errstate(all="ignore"):  # what is not finite stays so, and the analysis leaves it out
        values = {key: numbers[key] * found[key][1].factor for key in numbers}
        if "frequency" not in values:
            values["frequency"] = values["omega"]
        if not {"real", "imag"} <= values.keys():
            polar = values["modulus"] * np.exp(1j * values["phase"])
            values = {"real": polar.real, "imag": polar.imag} | values
    return values


def needed(found: Collection[str]) -> list[str]:
    """Return the quantities worth reading among those found."""
    polar = not {"real", "imag"} <= set(found)
    return [key for key in found if polar or key not in ("modulus", "phase")]


def to_spectra(columns: Columns) -> list[FileSpectrum]:
    """Return the spectra of a file, in its order.

    Raises
    ------
    BadInput
        If there is no point.
    """
    values = columns.values
    total = len(values["frequency"])
    if not total:
        raise BadInput(f"{columns.name} holds no point;", "export the spectrum again.")
    groups = [values[key] for key in ("cycle", "sequence") if key in values]
    pieces = split(values["frequency"], np.array(groups) if groups else None)
    spectra = [_spectrum(columns, piece, number) for number, piece in enumerate(pieces)]
    turned = not columns.sign_known and sum(map(_contradicts, spectra)) > len(spectra) / 2
    if turned:
        values["imag"] = -values["imag"]
        spectra = [_spectrum(columns, piece, number) for number, piece in enumerate(pieces)]
        columns.notes.append("the third column was read as −Z″: with the other sign it contradicts Z′")
    return [
        FileSpectrum(
            columns.name, number, spectrum, (*_caption(columns, piece), *columns.notes, *_notes(spectrum))
        )
        for number, (piece, spectrum) in enumerate(zip(pieces, spectra, strict=True))
    ]


def _caption(columns: Columns, piece: slice) -> list[str]:
    if not columns.captions:
        return []
    caption = columns.captions.get(float(columns.values["cycle"][piece.start]), "")
    return [caption] if caption else []


def _spectrum(columns: Columns, piece: slice, number: int) -> Spectrum:
    values, size = columns.values, piece.stop - piece.start
    unknown = np.full(size, np.nan)

    def part(quantity: str) -> Floats:
        return values[quantity][piece].copy() if quantity in values else unknown.copy()

    impedance: Complexes = np.empty(size, dtype=np.complex128)
    impedance.real, impedance.imag = part("real"), part("imag")  # a product with 1j would spread nan
    sequence = values["sequence"][piece.start] if "sequence" in values else 0.0
    return Spectrum(
        technique=columns.technique,
        frequency=part("frequency"),
        impedance=impedance,
        time=part("time"),
        voltage=part("voltage"),
        current=part("current"),
        voltage_amplitude=part("voltage_amplitude"),
        current_amplitude=part("current_amplitude"),
        amplitude=_amplitude(columns.amplitudes, sequence),
        pass_number=number,
    )


def _amplitude(amplitudes: tuple[float, ...], sequence: float) -> float:
    if len(set(amplitudes)) == 1:
        return amplitudes[0]
    at = int(sequence) if np.isfinite(sequence) else -1
    return amplitudes[at] if 0 <= at < len(amplitudes) else float("nan")


def _contradicts(spectrum: Spectrum) -> bool:
    return sign_contradicts(spectrum.frequency, spectrum.impedance)


def _notes(spectrum: Spectrum) -> list[str]:
    notes = doubts(spectrum.frequency, spectrum.impedance)
    if _contradicts(spectrum):
        notes.append("the sign of the imaginary part contradicts the real part: is it −Z″?")
    return notes
