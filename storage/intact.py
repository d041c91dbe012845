"""Reading all spectra of a run that are as they were measured, with word of those that are not."""

from core.errors import StoreError
from storage.records import StoredSpectrum
from storage.run_reader import RunReader

BATCH = 200
"""Spectra that are read at once."""


def intact_spectra(reader: RunReader) -> tuple[list[StoredSpectrum], list[str]]:
    """Return the spectra of a run that match their checksums, and what is wrong with the others.

    Returns
    -------
    spectra : list of StoredSpectrum
        Oldest first.
    left_out : list of str
        A sentence for each spectrum that was damaged.
    """
    found: list[StoredSpectrum] = []
    left_out: list[str] = []
    ids = reader.spectrum_ids()
    for begin in range(0, len(ids), BATCH):
        batch = ids[begin : begin + BATCH]
        try:
            found += reader.spectra(batch[0] - 1, len(batch))
        except StoreError:
            _one_by_one(reader, batch, found, left_out)
    return found, left_out


def _one_by_one(reader: RunReader, ids: list[int], found: list[StoredSpectrum], left_out: list[str]) -> None:
    for number in ids:
        try:
            found.append(reader.spectrum(number))
        except StoreError as error:
            left_out.append(error.problem)
