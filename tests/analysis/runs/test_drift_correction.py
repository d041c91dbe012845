"""Spectra brought to one instant."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.drift_correction import correct_drift, corrections
from analysis.sweep_interpolation import correct_arrays
from core.errors import BadInput
from core.records import Spectrum

FREQUENCY = np.geomspace(1e6, 1.0, 61)
SPENT = 2.1 / FREQUENCY + 0.25
FINISHED = np.cumsum(SPENT)
SEEN = FINISHED - SPENT / 2
MIDDLE = (FINISHED[0] + FINISHED[-1]) / 2
PERIOD = 1.05 * FINISHED[-1]
NOISE = 0.002


def impedance(frequency, resistance):
    arc = resistance / (1 + (2j * np.pi * frequency * resistance * 1.8e-7) ** 0.9)
    return 500 + arc


def sweep(start, course, rng, noise=NOISE, frequency=FREQUENCY, **changes):
    """A sweep that begins at `start`; `course` says R at any time."""
    spent = 2.1 / frequency + 0.25
    finished = start + np.cumsum(spent)
    z = impedance(frequency, course(finished - spent / 2))
    z = z * (1 + noise * (rng.standard_normal(len(z)) + 1j * rng.standard_normal(len(z))))
    nothing = np.zeros(len(z))
    record = Spectrum("GEIS", frequency, z, finished, nothing, nothing, nothing, nothing + 1e-6, 1e-6)
    return replace(record, **changes)


def run(course, count=9, seed=0, period=PERIOD, **options):
    rng = np.random.default_rng(seed)
    return [sweep(period * k, course, rng, **options) for k in range(count)]


def growing(per_sweep):
    return lambda time: 1500 * np.exp(per_sweep * time / PERIOD)


def best_r(spectrum):
    """R of the only arc by a scan, from a spectrum that should belong to one instant."""
    centre = 0.0
    for reach in (4.0, 0.04, 0.0004):
        trial = centre + reach * np.linspace(-1, 1, 201)
        model = impedance(spectrum.frequency, 1500 * np.exp(trial)[:, None])
        centre = float(trial[np.argmin(np.sum(np.abs(model / spectrum.impedance - 1) ** 2, axis=1))])
    return 1500 * np.exp(centre)


@pytest.mark.parametrize("per_sweep", [0.01, 0.03, 0.09, 0.18])
def test_no_bias_is_left(per_sweep):
    course = growing(per_sweep)
    naive, corrected = [], []
    for seed in range(4):
        spectra = run(course, seed=seed)
        for one, other in list(zip(spectra, correct_drift(spectra), strict=True))[1:-1]:
            truth = course(one.mid_time)
            naive.append(np.log(best_r(one) / truth))
            corrected.append(np.log(best_r(other) / truth))
            assert other.mid_time == one.mid_time
    assert abs(np.mean(corrected)) < 0.002
    if per_sweep > 0.05:
        assert abs(np.mean(naive)) > 3 * abs(np.mean(corrected))


def test_corrected_points_belong_to_mid_sweep_at_every_frequency():
    course = growing(0.18)
    spectra = run(course, noise=0.0)
    for one, other in list(zip(spectra, corrections(spectra), strict=True))[1:-1]:
        truth = impedance(FREQUENCY, course(one.mid_time))
        assert other.corrected.all()
        assert np.max(np.abs(other.spectrum.impedance / truth - 1)) < 0.002
        assert np.max(np.abs(one.impedance / truth - 1)) > 0.04


def test_the_ends_are_carried_on_from_one_side():
    course = growing(0.09)
    spectra = run(course)
    found = corrections(spectra)
    for k in (0, -1):
        assert "from one side only" in found[k].note
        assert np.log(best_r(found[k].spectrum) / course(spectra[k].mid_time)) == pytest.approx(0, abs=0.003)
    assert "one side" not in found[4].note


def test_steady_spectra_are_left_as_measured():
    spectra = run(lambda time: 1500.0 + 0 * time, count=60)
    found = corrections(spectra)
    untouched = sum(one is other.spectrum for one, other in zip(spectra, found, strict=True))
    assert untouched >= 58


def test_noise_is_not_amplified():
    course = growing(0.05)
    spectra = run(course, count=40)
    found = correct_drift(spectra)
    left = [one.impedance / impedance(FREQUENCY, course(one.mid_time)) - 1 for one in found[1:-1]]
    assert np.sqrt(np.mean(np.abs(left) ** 2) / 2) < NOISE


def test_nothing_is_interpolated_across_a_jump():
    jump = 4 * PERIOD
    spectra = run(lambda time: np.where(time < jump, 1500.0, 2500.0))
    found = corrections(spectra)
    for one, other in zip(spectra, found, strict=True):
        truth = 1500.0 if one.mid_time < jump else 2500.0
        assert np.log(best_r(other.spectrum) / truth) == pytest.approx(0, abs=0.003)
    assert "not corrected across a jump" in found[3].note
    assert "not corrected across a jump" in found[4].note
    assert found[6].note == ""


def test_drift_goes_on_up_to_a_jump():
    jump = 5 * PERIOD

    def course(time):
        return np.where(time < jump, 1500.0, 6000.0) * np.exp(0.06 * time / PERIOD)

    spectra = run(course, count=10)
    for one, other in zip(spectra, corrections(spectra), strict=True):
        assert np.log(best_r(other.spectrum) / course(one.mid_time)) == pytest.approx(0, abs=0.004)
        assert other.corrected.any()


def test_other_states_and_long_gaps_are_no_neighbours():
    course = growing(0.09)
    spectra = run(course, count=4)
    rest = [replace(one, technique="PEIS") for one in spectra[:1]]
    assert not corrections([*rest, spectra[1]])[1].corrected.any()
    other_current = replace(spectra[1], current=np.full(len(FREQUENCY), 1e-4))
    assert not corrections([spectra[0], other_current])[0].corrected.any()
    late = replace(spectra[1], time=spectra[1].time + 40 * PERIOD)
    assert not corrections([spectra[0], late])[0].corrected.any()
    assert corrections(spectra[:2])[0].corrected.any()


def test_ragged_frequencies_are_matched_or_interpolated():
    course, rng = growing(0.09), np.random.default_rng(1)
    coarse = np.geomspace(3e5, 3.0, 40)
    spectra = [
        sweep(PERIOD * k, course, rng, noise=1e-4, frequency=coarse if k % 2 else FREQUENCY) for k in range(7)
    ]
    found = corrections(spectra)
    for one, other in list(zip(spectra, found, strict=True))[1:-1]:
        beyond = (one.frequency > 3.01e5) | (one.frequency < 2.99)
        if len(one) == len(FREQUENCY):
            assert not other.corrected[beyond].any()
        truth = impedance(one.frequency, course(one.mid_time))
        inside = ~beyond
        assert other.corrected[inside].mean() > 0.9
        error = np.abs(other.spectrum.impedance / truth - 1)[inside & other.corrected]
        assert np.max(error) < 0.003


def test_damaged_spectra_pass_through():
    spectra = run(growing(0.09), count=5)
    broken = replace(spectra[2], time=spectra[2].time[:10])
    empty = replace(spectra[3], impedance=np.full(len(FREQUENCY), np.nan + 0j))
    given = [spectra[0], spectra[1], broken, empty, spectra[4]]
    found = correct_drift(given)
    assert found[2] is broken
    assert found[3] is empty
    assert correct_drift([]) == []
    assert correct_drift(given[:1]) == given[:1]


def test_points_without_times_are_left():
    spectra = [replace(one, time=one.time[::-1].copy()) for one in run(growing(0.09), count=4)]
    assert not any(one.corrected.any() for one in corrections(spectra))


def test_arrays_and_records_agree_in_blocks(monkeypatch):
    from analysis import drift_correction, sweep_interpolation

    spectra = run(growing(0.03), count=25)
    table = np.array([one.impedance for one in spectra])
    began = [np.concatenate([one.time[:1], one.time[:-1]]) for one in spectra]
    seen = np.array([(one.time + first) / 2 for one, first in zip(spectra, began, strict=True)])
    instant = np.array([one.mid_time for one in spectra])
    whole = correct_arrays(FREQUENCY, table, seen, instant)
    records = np.array([one.impedance for one in correct_drift(spectra)])
    np.testing.assert_allclose(whole.impedance, records, rtol=1e-12)
    monkeypatch.setattr(drift_correction, "BLOCK", 4)
    monkeypatch.setattr(sweep_interpolation, "BLOCK", 7)
    np.testing.assert_array_equal(correct_arrays(FREQUENCY, table, seen, instant).impedance, whole.impedance)
    np.testing.assert_array_equal(np.array([one.impedance for one in correct_drift(spectra)]), records)


def test_arrays_that_do_not_fit_are_refused():
    with pytest.raises(BadInput, match="do not fit"):
        correct_arrays(FREQUENCY, np.ones((3, 5), dtype=complex), np.ones((3, 5)))
