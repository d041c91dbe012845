import pytest

from app.campaign.expand import read_campaign
from core.errors import BadInput

STRIP = {"protocol": "Strip", "name": "strip", "cell": "li"}


@pytest.fixture
def folder(tmp_path, campaign_text):
    """Write campaign files; return a function that reads one of them."""

    def write(**files):
        for name, (steps, more) in files.items():
            (tmp_path / f"{name}.toml").write_text(campaign_text(steps, **more), encoding="utf-8")
        return lambda name: read_campaign(tmp_path / f"{name}.toml")

    write.path = tmp_path
    return write


def rows(plan):
    return [(path, work.electrode.cell.name) for path, work in plan.works()]


def test_an_included_file_keeps_its_steps_and_brings_its_electrodes(folder, table_of_cell):
    cells = {"cells": {"li": table_of_cell("Li-{n}", count=2)}}
    twice = {"repeat": 2, "fresh": True, "steps": [STRIP]}
    read = folder(
        fig4=([twice], cells),
        fig5=([STRIP, {"protocol": "Look"}], cells),
        paper=([{"include": "fig4.toml"}, {"include": "fig5.toml", "name": "five"}], {"cells": {}}),
    )
    assert rows(read("fig4")) == [("1/round-1/1.strip", "Li-1"), ("1/round-2/1.strip", "Li-2")]
    plan = read("paper")
    assert rows(plan) == [
        ("1.fig4/1/round-1/1.strip", "Li-1"),
        ("1.fig4/1/round-2/1.strip", "Li-2"),
        ("2.five/1.strip", "Li-3"),
        ("2.five/2.Look", "Li-3"),
    ]
    assert {work.electrode.words for _, work in plan.works()} == {
        f"WE {n} of 4 on this counter" for n in (1, 2, 3)
    }
    assert sorted(path.rsplit("/")[-1] for path in plan.texts) == ["fig4.toml", "fig5.toml", "paper.toml"]


def test_a_random_order_is_the_same_alone_and_included(folder):
    block = {
        "for_each": {"temperature": [f"{n} °C" for n in range(10)]},
        "order": "random",
        "cell": "li",
        "steps": [{"protocol": "Look"}],
    }
    read = folder(
        inner=([block], {"seed": 7}),
        outer=([STRIP, {"include": "inner.toml"}], {"seed": 3}),
    )
    alone = [work.values["temperature"] for _, work in read("inner").works()]
    _, *works = [work for _, work in read("outer").works()]
    included = [work.values["temperature"] for work in works]
    assert alone == included != sorted(alone)


def test_after_an_include_the_outer_electrode_is_gone_only_if_its_kind_was_used(folder, table_of_cell):
    look = {"protocol": "Look", "cell": "li"}
    outer = [look, {"include": "inner.toml"}, look]
    read = folder(inner=([look | {"cell": "limg"}], {}), outer=(outer, {}))
    assert [name for _, name in rows(read("outer"))] == ["Li-01", "LiMg-01", "Li-01"]
    read = folder(inner=([look], {}), outer=(outer, {}))
    assert [name for _, name in rows(read("outer"))] == ["Li-01", "Li-02", "Li-03"]


def test_cells_of_one_name_that_differ_are_refused(folder, table_of_cell):
    other = {"cells": {"li": table_of_cell("Li-{n:02d}", foil_thickness="50 µm")}}
    read = folder(inner=([STRIP], other), outer=([STRIP, {"include": "inner.toml"}], {}))
    with pytest.raises(BadInput, match=r"cells\.li differs .* in foil_thickness"):
        read("outer")


def test_includes_that_include_each_other_are_refused(folder):
    read = folder(
        a=([{"include": "b.toml"}], {}), b=([{"include": "a.toml"}], {}), c=([{"include": "c.toml"}], {})
    )
    with pytest.raises(BadInput, match=r"a\.toml includes b\.toml includes a\.toml, which never ends"):
        read("a")
    with pytest.raises(BadInput, match="which never ends"):
        read("c")


def test_what_is_wrong_in_an_included_file_is_said_of_that_file(folder):
    broken = [STRIP | {"parameters": {"temperature": "900 °C"}}]
    read = folder(inner=(broken, {}), outer=([STRIP, {"include": "inner.toml"}], {}))
    with pytest.raises(BadInput, match=r"inner\.toml: steps\.1\.parameters\.temperature"):
        read("outer")
    read = folder(outer=([STRIP, {"include": "none.toml"}], {}))
    with pytest.raises(BadInput, match=r"none\.toml") as caught:
        read("outer")
    assert "outer.toml" in str(caught.value)


def test_end_in_an_included_file_ends_that_file(folder, walked):
    first = {"protocol": "Look", "cell": "li", "on": {"finished": "end"}}
    read = folder(inner=([first, STRIP], {}), outer=([{"include": "inner.toml"}, STRIP], {}))
    assert [step.path for step in walked(read("outer"))] == ["1.inner/1.Look", "2.strip"]


def test_a_kind_may_be_read_from_a_cell_file(folder):
    cells = folder.path / "cells"
    cells.mkdir()
    text = 'name = "X"\nanode = "Li"\nelectrode_diameter = "5 mm"\nhistory.polishing = "SiC"\n'
    (cells / "li.toml").write_text(text, encoding="utf-8")
    own = {"name": "Y-{n}", "count": 2, "history": {"forming_pressure": "12 MPa"}}
    plan = folder(a=([STRIP], {"cells": {"li": {"file": "cells/li.toml"} | own}}))("a")
    ((_, work),) = plan.works()
    cell = work.electrode.cell
    assert (cell.name, cell.electrode_diameter) == ("Y-1", pytest.approx(5e-3))
    assert (cell.history.polishing, cell.history.forming_pressure) == ("SiC", pytest.approx(12e6))
    assert len(plan.texts) == 2
