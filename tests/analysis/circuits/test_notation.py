import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.circuits.network import Element, Kind, Parallel, Series, Zarc
from analysis.circuits.notation import parse, render
from core.errors import BadInput

ELEMENTS = ("R", "L", "C", "CPE", "W", "Ws", "Wo", "G", "ZARC", "Q")


@st.composite
def field_text(draw):
    def part(level):
        if level == 0 or draw(st.booleans()):
            return draw(st.sampled_from(ELEMENTS))
        inner = [part(level - 1) for _ in range(draw(st.integers(2, 3)))]
        joined = draw(st.sampled_from(["-", " - "])).join(inner)
        return joined if draw(st.booleans()) else f"p({draw(st.sampled_from([',', ' , '])).join(inner)})"

    return part(4)


@given(field_text())
def test_round_trip(text):
    node = parse(text)
    assert parse(render(node)) == node
    assert render(parse(render(node))) == render(node)


@given(st.text(alphabet="RLCQWGTO()[]p-, 12_CPEXso", max_size=25))
def test_anything_is_read_or_refused(text):
    try:
        node = parse(text)
    except BadInput:
        return
    assert parse(render(node)) == node


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("L0-R0-p(R1,CPE1)-p(R2-W1,C2)", "L0-R0-p(R1,CPE1)-p(R2-W1,C2)"),
        ("LR(RQ)([RW]Q)", "L1-R1-p(R2,CPE1)-p(R3-W1,CPE2)"),
        ("R1 (R2 Q2) (R3 Q3)", "R1-p(R2,CPE2)-p(R3,CPE3)"),
        ("R(C[RW])", "R1-p(C1,R2-W1)"),
        ("R(Q[R(RQ)])", "R1-p(CPE1,R2-p(R3,CPE2))"),
        ("RTO", "R1-Wo1-Ws1"),
        ("R - p( R , Q )", "R1-p(R2,CPE1)"),
        ("p(CPE_x,R_x)", "p(R_x,CPE_x)"),
        ("R0-zarc1-ZARC_b", "R0-ZARC1-ZARC_b"),
        ("R-R1-R", "R2-R1-R3"),
        ("Ws", "Ws1"),
        ("RC", "R1-C1"),
        ("p(p(R1,C1),R2)-R3", "p(R1,C1,R2)-R3"),
    ],
)
def test_both_notations(text, canonical):
    assert render(parse(text)) == canonical


def test_the_tree():
    assert parse("R0-p(R1,CPE1)-p(R2-W1,C2)") == Series(
        (
            Element(Kind.RESISTOR, "R0"),
            Zarc("R1", "CPE1", ideal=False),
            Parallel(
                (
                    Series((Element(Kind.RESISTOR, "R2"), Element(Kind.WARBURG, "W1"))),
                    Element(Kind.CAPACITOR, "C2"),
                )
            ),
        )
    )


def test_only_pairs_become_arcs():
    assert parse("p(R1,C1)") == Zarc("R1", "C1", ideal=True)
    assert isinstance(parse("p(R1,C1,C2)"), Parallel)
    assert isinstance(parse("p(R1,R2)"), Parallel)
    assert isinstance(parse("p(R1,L1)"), Parallel)


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("R0-X1", 4, "unknown element 'X'"),
        ("r0-R1", 1, "unknown element 'r'"),
        ("R0-p(R1,C1", 4, "never closed"),
        ("R0-p(R1,C1))", 12, "never opened"),
        ("R(RQ", 2, "never closed"),
        ("RQ)", 3, "never opened"),
        ("R(R]Q)", 4, "does not belong"),
        ("R0--R1", 4, "missing"),
        ("R0-p(,C1)", 6, "missing"),
        ("R0-", 4, "missing"),
        ("-R0", 1, "missing"),
        ("R()", 2, "nothing between"),
        ("R0-p(R1)", 4, "one branch"),
        ("R(Q)", 2, "one branch"),
        ("R0-p(R1,R1)", 9, "a second R1"),
        ("Q1-CPE1", 4, "a second CPE1"),
        ("R0-(R1,C1)", 4, "bracket without p"),
        ("R_tau-R1", 1, "means a quantity"),
        ("R0-p(R1;C1)", 8, "does not belong"),
        ("p(" * 80 + "R" + ",C)" * 80, 103, "brackets inside each other"),
    ],
)
def test_mistakes_are_pointed_at(text, place, said):
    with pytest.raises(BadInput) as refusal:
        parse(text)
    assert said in refusal.value.problem
    assert f"position {place}" in refusal.value.problem
    assert refusal.value.problem.splitlines()[2] == "  " + " " * (place - 1) + "^"
    assert refusal.value.remedy


@pytest.mark.parametrize("text", ["", "  ", "\t"])
def test_nothing_is_no_circuit(text):
    with pytest.raises(BadInput, match="no circuit in an empty text"):
        parse(text)
