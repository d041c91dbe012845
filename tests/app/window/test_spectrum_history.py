import tracemalloc

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.window.reading.history import MOST, MOST_OF_ALL, History
from core.records import Spectrum
from storage import StoredSpectrum

FREQUENCY = np.geomspace(7e6, 1.0, 69)


def measured(number):
    time, still = number + np.linspace(0, 27, 69), np.zeros(69)
    impedance = (1 + number) / (1 + 1e-3j * FREQUENCY)
    spectrum = Spectrum("GEIS", FREQUENCY.copy(), impedance, time, still, still, still, still, 1e-6)
    return StoredSpectrum(number, 1, 0, spectrum)


def read_all(history):
    numbers = []
    while wanted := history.wanted():
        for number in wanted:
            numbers.append(number)
            history.keep(measured(number))
    return numbers


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(1, 300), max_size=8))
def test_a_history_stays_small_and_evenly_spread(batches):
    history, offered = History(), 0
    for size in batches:
        history.offer(list(range(offered, offered + size)))
        offered += size
        read_all(history)
    ids = [each.id for each in history.spectra]
    assert len(ids) <= MOST
    assert len(ids) >= min(offered, MOST // 2)
    assert len(set(np.diff(ids).tolist())) <= 1
    if ids:
        assert ids[0] == 0


def test_more_spectra_are_read_when_all_are_wanted_and_forgotten_afterwards():
    history = History()
    history.offer(list(range(1, 1501)))
    first = read_all(history)
    history.most = MOST_OF_ALL
    more = read_all(history)
    assert len(first) <= MOST
    assert len(history.spectra) == 1500
    assert not set(first) & set(more)
    history.most = MOST
    assert len(history.spectra) <= MOST
    assert not history.wanted()


def test_a_spectrum_that_cannot_be_read_is_not_asked_for_again():
    history = History()
    history.offer([1, 2, 3])
    history.leave_out(2)
    read_all(history)
    history.most = MOST_OF_ALL
    assert not history.wanted()
    assert [each.id for each in history.spectra] == [1, 3]


def test_spectra_that_were_fitted_again_are_read_again():
    history = History()
    history.offer([1, 2, 3])
    read_all(history)
    history.forget([2, 7])
    assert history.wanted() == [2]
    read_all(history)
    assert [each.id for each in history.spectra] == [1, 2, 3]


def test_memory_of_ten_thousand_spectra_is_that_of_a_few_hundred():
    tracemalloc.start()
    try:
        history = History()
        sizes = []
        for first in range(0, 10_000, 500):
            history.offer(list(range(first, first + 500)))
            read_all(history)
            sizes.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert sizes[-1] < sizes[1] + 1_000_000
