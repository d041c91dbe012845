from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.window.reading.faces import Distribution, Residuals
from app.window.reading.run_data import RunData
from app.window.reading.snapshot import Selected
from app.window.shown.bode import DECADES, SPELT_OUT, bode
from app.window.shown.bode import words_of as bode_words
from app.window.shown.drt import distribution
from app.window.shown.looked_at import frequency_words, remarks, which, why_nothing
from app.window.shown.nyquist import nyquist, range_for, words_of
from app.window.shown.residuals import residuals
from app.window.shown.strands import COLOURS, nearest, strands, stretches
from app.window.shown.units import Units
from core.records import KramersKronig

HOUR = 3600.0
ABSOLUTE = Units(areal=False)


@pytest.fixture
def snapshot(store, live_run):
    data = RunData(store.run(1))
    while not (list(data.steps()), data.complete)[1]:
        pass
    return data.snapshot()


def selected(snapshot, number=3):
    stored = replace(snapshot.last, id=number)
    return replace(snapshot, selected=Selected(5000.0, stored, snapshot.fit_of_last))


def with_impedance(snapshot, impedance):
    spectrum = replace(snapshot.last.spectrum, impedance=impedance)
    return replace(snapshot, last=replace(snapshot.last, spectrum=spectrum))


def test_the_title_says_which_spectrum_it_is(snapshot):
    time = snapshot.last.spectrum.mid_time
    assert which(snapshot, Units()).startswith(f"live, {time / HOUR:.2f} h, ")
    assert which(snapshot, Units()).endswith("mAh cm⁻²")
    assert which(snapshot, ABSOLUTE).endswith(" mAh")
    assert which(selected(snapshot), Units()).startswith("selected, ")
    first = replace(snapshot, last=snapshot.initial)
    assert "mAh" not in which(first, Units())
    assert which(replace(snapshot, last=None), Units()) == ""


def test_an_empty_plot_says_why(snapshot):
    assert why_nothing(snapshot) == ""
    assert "still to come" in why_nothing(replace(snapshot, last=None))
    nothing = with_impedance(snapshot, np.full(69, complex(np.nan, np.nan)))
    assert why_nothing(nothing) == "none of the 69 points of this spectrum is a number"
    for drawn in (nyquist(nothing), bode(nothing), residuals(nothing), distribution(nothing)):
        assert drawn.words == "none of the 69 points of this spectrum is a number"


def test_a_spectrum_with_bad_points_or_without_a_fit_is_remarked_upon(snapshot):
    assert remarks(snapshot) == ""
    some = snapshot.last.spectrum.impedance.copy()
    some[:5] = np.nan
    assert remarks(with_impedance(snapshot, some)) == "5 of 69 points are no numbers"
    assert remarks(replace(snapshot, fit_of_last=None)) == "not fitted yet"
    hopeless = replace(snapshot.fit_of_last, flags=("no fit", "poor fit"))
    assert remarks(replace(snapshot, fit_of_last=hopeless)) == "no fit: poor fit"
    doubtful = replace(snapshot.fit_of_last, flags=("below resolution", "drift"))
    assert remarks(replace(snapshot, fit_of_last=doubtful)) == "fit: below resolution"


def test_last_selected_and_initial_spectrum_are_told_apart(snapshot):
    live, looking_back = nyquist(snapshot), nyquist(selected(snapshot))
    assert not len(live.last.x)
    assert len(looking_back.last.x) == 69
    assert len(looking_back.used.x) + len(looking_back.masked.x) == 69
    assert live.initial.hour < 0.5 < live.used.hour


def test_units_change_the_axes_but_not_the_shape(snapshot):
    areal, absolute = nyquist(snapshot), nyquist(snapshot, ABSOLUTE)
    assert (areal.unit, absolute.unit) == ("kΩ cm²", "kΩ")
    assert absolute.used.x * snapshot.header.cell.area * 1e4 == pytest.approx(areal.used.x)
    assert absolute.past_x * snapshot.header.cell.area * 1e4 == pytest.approx(areal.past_x, nan_ok=True)


def test_few_frequencies_are_written_and_not_on_top_of_each_other(snapshot):
    drawn = nyquist(snapshot)
    size = max(np.ptp(np.append(drawn.used.x, drawn.masked.x)), np.ptp(drawn.used.y))
    assert 1 <= len(drawn.labels) <= 3
    assert "1 Hz" in [text for _, _, text in drawn.labels]
    places = np.array([(x, y) for x, y, _ in drawn.labels])
    for one in range(len(places)):
        for other in range(one):
            assert np.hypot(*(places[one] - places[other])) > 0.1 * size


def test_an_outlier_of_the_history_does_not_rule_the_range(snapshot):
    wild = replace(snapshot.history[2], impedance=snapshot.history[2].impedance * 1e4)
    drawn = nyquist(replace(snapshot, history=(*snapshot.history, wild)))
    assert drawn.looked_at == nyquist(snapshot).looked_at
    assert drawn.everything[1] > 100 * drawn.looked_at[1]
    assert bode(replace(snapshot, history=(*snapshot.history, wild))).bounds[1][1] < 3


@given(st.floats(0.1, 100), st.floats(0.1, 100), st.floats(-0.15, 0.0))
def test_the_range_holds_what_is_to_be_seen_and_rests_while_it_does(right, top, share):
    bottom = share * max(right, top)
    bounds = (0.0, right, bottom, top)
    shown = range_for(bounds, None)
    assert shown[0] <= 0.0 < right <= shown[1]
    assert shown[2] <= bottom < top <= shown[3]
    assert range_for((0.0, 1.01 * right, bottom, 1.01 * top), shown) == shown
    assert range_for((0.0, 5 * right, bottom, 5 * top), shown) != shown
    assert range_for((0.0, right / 5, bottom / 5, top / 5), shown) != shown


def test_a_point_is_read_out_in_words(snapshot):
    drawn = nyquist(snapshot)
    words = words_of(drawn.used, int(np.argmin(np.abs(drawn.used.frequency - 1e3))), drawn.unit)
    assert "kHz" in words or "Hz" in words
    assert "Z′" in words
    assert f"{drawn.used.hour:.2f} h" in words


@pytest.mark.parametrize(
    ("hertz", "words"),
    [(7e6, "7.00 MHz"), (1.26e3, "1.26 kHz"), (999.9, "1.00 kHz"), (12.6, "12.6 Hz"), (0.1, "100 mHz")],
)
def test_frequencies_are_written_with_three_digits(hertz, words):
    assert frequency_words(hertz) == words


def test_flat_arrays_give_back_the_spectra(snapshot):
    flat = strands(snapshot.history)
    assert strands(snapshot.history) is flat
    for number, each in enumerate(snapshot.history):
        piece = slice(flat.start[number], flat.start[number + 1] - 1)
        assert np.array_equal(flat.impedance[piece], each.impedance)
        assert flat.spectrum_at(flat.start[number] + 5) == number
    assert np.all(np.isnan(flat.frequency[flat.start[1:] - 1]))
    assert len(strands(())) == 0
    sparse = strands(snapshot.history, 3)
    assert sparse.frequency[sparse.start[1] - 2] == snapshot.history[0].frequency[-1]
    assert sparse.start[1] == 69 // 3 + 1


def test_colours_follow_time_from_the_oldest_to_the_newest(snapshot):
    flat = strands(snapshot.history)
    found = stretches(flat, flat.hour[-1])
    assert [colour for colour, _ in found] == sorted({colour for colour, _ in found})
    assert (found[0][0], found[-1][0]) == (0, COLOURS - 1)
    assert found[0][1].start == 0
    assert found[-1][1].stop == len(flat.frequency)
    assert all(a.stop == b.start for (_, a), (_, b) in pairwise(found))


def test_only_points_within_reach_are_found():
    x, y = np.array([0.0, 1.0, np.nan]), np.array([0.0, 1.0, np.nan])
    assert nearest(x, y, (0.95, 1.0), (0.01, 0.01), 10) == 1
    assert nearest(x, y, (0.5, 0.5), (0.01, 0.01), 10) is None
    assert nearest(x[2:], y[2:], (0.5, 0.5), (0.01, 0.01), 10) is None


def test_bode_shows_size_and_phase(snapshot):
    drawn = bode(snapshot)
    impedance = snapshot.last.spectrum.impedance[snapshot.fit_of_last.mask]
    scale = snapshot.header.cell.areal_resistance(1.0)
    assert 10.0**drawn.used.size == pytest.approx(np.abs(impedance) * scale)
    assert drawn.used.phase == pytest.approx(-np.degrees(np.angle(impedance)))
    assert len(drawn.spelt_out) == SPELT_OUT
    assert all(len(fit.size) for _, fit in drawn.spelt_out)
    assert drawn.shift == ""


def test_a_waterfall_shifts_spectra_by_their_time_but_reads_out_what_was_measured(snapshot):
    flat, fall = bode(snapshot), bode(snapshot, waterfall=True)
    assert fall.spelt_out[0][0].size == pytest.approx(flat.spelt_out[0][0].size)
    assert fall.used.size == pytest.approx(flat.used.size + DECADES)
    assert len(fall.past) == 0
    assert "shifted" in fall.size_label
    hour = flat.used.hour
    assert bode_words(fall.used, 9, hour, fall) == bode_words(flat.used, 9, hour, flat)
    assert "×10 in" in fall.shift


def judged(snapshot, verdict, **changes):
    frequency = np.geomspace(1e6, 1.0, 61)
    residual = np.full(61, complex(3e-3, -1e-3))
    found = Residuals(
        snapshot.last.id, frequency, residual, frequency < 5, 2, 4e-3, verdict, True, True, False
    )
    return replace(snapshot, residuals=replace(found, **changes))


def test_a_passed_test_is_told_with_its_limit(snapshot):
    drawn = residuals(judged(snapshot, KramersKronig(True, -1.3)))
    assert drawn.passed
    assert drawn.verdict == "consistent: Re Z −1.3 σ off in the lowest decade (limit ±4 σ)"
    assert drawn.remarks == "noise 0.4 %, 2 points unusable"
    assert drawn.real[0] == pytest.approx(0.3)
    assert drawn.noise == pytest.approx(0.4)
    assert drawn.limit == pytest.approx(0.8)
    assert drawn.reach >= drawn.limit
    assert drawn.judged[0] == pytest.approx(np.log10(5), abs=0.1)


def test_a_failed_test_gives_the_stored_reason(snapshot):
    reason = "Re Z of the lowest decade is +9.0 sigma off; dropped 7 points below 5 Hz"
    drawn = residuals(judged(snapshot, KramersKronig(False, 5.0, 5.0, reason)))
    assert not drawn.passed
    assert drawn.verdict == f"inconsistent: {reason}"
    assert np.count_nonzero(drawn.dropped) == np.count_nonzero(10.0**drawn.frequency < 5)


def test_residuals_say_when_they_are_not_those_of_the_stored_verdict(snapshot):
    drawn = residuals(judged(snapshot, KramersKronig(True, 0.1), reproduced=False))
    assert "other numbers" in drawn.remarks
    drawn = residuals(judged(snapshot, KramersKronig(True, 0.1), stored=False))
    assert "tested here" in drawn.remarks


def test_a_far_outlier_does_not_flatten_the_residuals(snapshot):
    residual = np.full(61, complex(3e-3, -1e-3))
    residual[30] = 0.5
    drawn = residuals(judged(snapshot, KramersKronig(True, 0.1), residual=residual))
    assert drawn.reach < 2


def test_faces_of_another_spectrum_are_not_shown_as_those_of_this_one(snapshot):
    other = judged(snapshot, KramersKronig(True, 0.1), spectrum=1)
    assert residuals(other).words == "testing …"
    assert residuals(other).passed is None
    assert distribution(snapshot).words == "computing …"


def relaxing(snapshot, **changes):
    tau = np.geomspace(1e-8, 1.0, 97)
    gamma = 1e3 * np.exp(-(np.log10(tau / 1e-3) ** 2) * 8) + 200 * np.exp(-(np.log10(tau / 1e-6) ** 2) * 8)
    peaks = ((1e-6, 150.0), (7e-4, 20.0), (1e-3, 800.0))
    found = Distribution(snapshot.last.id, tau, gamma, 0.1 * gamma, peaks, 3.2e-5, 1000.0, 4e-3, ())
    return replace(snapshot, distribution=replace(found, **changes))


def test_relaxation_times_come_with_method_and_labelled_peaks(snapshot):
    drawn = distribution(relaxing(snapshot))
    scale = snapshot.header.cell.areal_resistance(1.0)
    assert drawn.gamma.max() == pytest.approx(1e3 * scale, rel=1e-3)
    assert np.all(drawn.low <= drawn.gamma)
    assert np.all(drawn.gamma <= drawn.high)
    assert "λ 3.2·10⁻⁵" in drawn.method
    assert "R_pol" in drawn.remarks
    assert [text.split("\n")[1] for _, _, text in drawn.peaks] == ["159 kHz", "159 Hz"]


def test_reservations_about_relaxation_times_are_in_words(snapshot):
    drawn = distribution(relaxing(snapshot, flags=("open arc",), polarisation=float("nan")))
    assert "R_pol" not in drawn.remarks
    assert "not closed" in drawn.remarks
    drawn = distribution(relaxing(snapshot, problem="3 usable points do not make a distribution;"))
    assert drawn.words.startswith("3 usable points")
    assert not len(drawn.gamma)
