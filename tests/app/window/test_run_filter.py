"""The search words of the table of runs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conclusion import Transition
from app.window.shown.run_filter import FIELDS, parse
from app.window.shown.run_rows import RunRow
from core.errors import BadInput
from core.records import RunState
from storage import RunOverview, RunSummary

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def row(
    run=7, anode="Li", state=RunState.FINISHED, t0_h=None, started=NOW, simulated=True, **parameters
) -> RunRow:
    summary = RunSummary(
        run, "LLZO-07-Li-02", "GeisStripping", state, "cut-off", simulated, started, None, started, 36_000.0,
        "bench 2", 1, 1213, 3, "3.fig5/1.strip", "cut-off",
    )  # fmt: skip
    overview = RunOverview(summary, anode, 2.8e-5, 5.4e-5, parameters, "Fig. 5")
    found = None if t0_h is None else Transition(t0_h * 3600, True, "3 fits in a row")
    return RunRow(overview, found, t0_h is not None)


RUN = row(current_density=100.0, temperature=25.0, pressure=3.8, t0_h=9.25)


def finds(words: str, what: RunRow = RUN) -> bool:
    return parse(words, NOW).matches(what)


@pytest.mark.parametrize(
    "words",
    [
        "", "   ", "llzo", "LLZO cut-off", "cell:LLZO-07", "cell:llzo", "metal:Li",
        "protocol:Geis", "state:finished",
        'protocol:"GEIS stripping"', 'protocol="geis stripping"', "protocol=GeisStripping", "GEIS stripping",
        "state:failed,finished", "ended:cut", 'campaign:"Fig. 5"', "campaign=3", "step:fig5",
        "bench:2", "i>50",
        "i>=100", "i:50..100", "i=100", "T=25", "t=25", "p<4", "p=3.8", "t0<10", "t0:9..10",
        "run=7", "run:5,7",
        "spectra>1000", "hours=10", "after:2026-01-01", "before:2026-04", "on:2026-03", "on:2026",
        "is:simulated",
        "-state:failed", "-is:real", '"Fig. 5"', "-nothing", "cell=llzo-07-li-02",
        "after:2026-03-01 i>50 metal:Li",
    ],
)  # fmt: skip
def test_these_words_find_the_run(words):
    assert finds(words)


@pytest.mark.parametrize(
    "words",
    [
        "LLZO-08", "metal:Li0.9Mg0.1", "state:running", "i>100", "i<100", "T=50", "p<1", "t0>10",
        "run=8", "run:5,6",
        "on:2026-02", "before:2026-03", "after:2026-04", "is:real", "is:live", "-metal:Li",
        "cell=LLZO", "campaign=2",
        'campaign:"Fig. 4"', "llzo -finished", "on:yesterday", "spectra:1..5",
    ],
)  # fmt: skip
def test_these_words_do_not_find_it(words):
    assert not finds(words)


def test_li_is_not_every_metal_that_begins_with_it():
    alloy = row(anode="Li0.9Mg0.1")
    assert not finds("metal:Li", alloy)
    assert finds("metal:Mg", alloy)


def test_a_number_is_equal_as_far_as_it_is_written():
    nearly = row(temperature=24.96)
    assert finds("T=25", nearly)
    assert not finds("T=25.00", nearly)


def test_a_quantity_that_a_run_does_not_have_is_never_found_by_it():
    assert not finds("p<1", row())
    assert not finds("p>=0", row())


def test_a_ramp_is_found_by_any_of_its_currents():
    ramp = row(start=100.0, stop=1000.0)
    assert finds("i>500", ramp)
    assert finds("i<200", ramp)
    assert finds("i=300", ramp)
    assert not finds("i>1000", ramp)


def test_today_and_yesterday_are_counted_from_now():
    assert finds("on:today", row(started=NOW))
    assert finds("on:yesterday", row(started=NOW - timedelta(days=1)))
    assert not finds("after:today", row(started=NOW - timedelta(days=1)))


def test_a_filter_says_when_it_needs_t0():
    assert parse("t0<10").wants_t0
    assert not parse("i<10").wants_t0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("colour:red", "no field 'colour'"),
        ("i>fast", "'fast' is not a number"),
        ("i>0,5", "decimal point"),
        ("i=100µA", "in µA/cm²"),
        ("cell:", "says nothing"),
        ("cell>5", "cell is a word"),
        ("after:tomorrow", "not a date"),
        ("after:2026-13-01", "not a date"),
        ("on:2026-02-30", "not a date"),
        ("is:great", "is:simulated"),
        ('cell:LLZO "open', "quotation mark"),
        ("i>1..2", "says two things"),
    ],
)
def test_what_cannot_be_understood_is_explained_with_a_way_out(words, said):
    with pytest.raises(BadInput) as caught:
        parse(words, NOW)
    assert said in str(caught.value)
    assert caught.value.remedy


def answered(text: str) -> bool:
    """Whether words are understood, or refused with a problem and a way out; anything else is raised."""
    try:
        return finds(text) in (True, False)
    except BadInput as error:
        return bool(error.problem and error.remedy)


@given(st.text())
def test_any_text_is_either_understood_or_explained(text):
    assert answered(text)


terms = st.builds(
    "{}{}{}".format,
    st.sampled_from((*FIELDS, "-cell", "x")),
    st.sampled_from([":", "=", "<", ">", "<=", ">=", ".."]),
    st.one_of(
        st.text(max_size=6),
        st.floats().map(str),
        st.sampled_from(["2026-01-01", "live", "1..2", '"a b"', ","]),
    ),
)


@given(st.lists(terms, max_size=4).map(" ".join))
def test_any_row_of_terms_is_either_understood_or_explained(text):
    assert answered(text)


@given(st.floats(0.0, 1e4), st.floats(0.0, 1e4))
def test_comparing_agrees_with_the_numbers(current, limit):
    each = row(current_density=current)
    assert finds(f"i<{limit!r}", each) == (current < limit)
    assert finds(f"i>={limit!r}", each) == (current >= limit)


@given(st.text(alphabet=st.characters(exclude_characters='"'), min_size=1))
def test_words_in_quotation_marks_are_taken_as_they_are(text):
    summary = replace(RUN.overview.summary, cell=text)
    assert finds(f'"{text}"', RunRow(replace(RUN.overview, summary=summary)))
