import json
import subprocess
import sys
import time
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.drafting.server import answer, serve
from app.launching.starting import environment


def told(line):
    raw = answer(line if isinstance(line, bytes) else json.dumps(line).encode())
    assert raw.endswith(b"\n")
    assert raw.count(b"\n") == 1
    return json.loads(raw)


@pytest.fixture
def process():
    """The companion as the window starts it; returns a function that asks it something."""
    started = subprocess.Popen(
        [sys.executable, "-m", "app.drafting"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
    )  # fmt: skip

    def ask(line):
        started.stdin.write((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n")
        started.stdin.flush()
        return json.loads(started.stdout.readline())

    yield started, ask
    started.kill()
    started.wait()
    for stream in (started.stdin, started.stdout, started.stderr):
        stream.close()


def test_the_process_answers_survives_nonsense_and_ends_with_its_input(process, draft, tmp_path):
    started, ask = process
    assert len(ask({"id": 1, "do": "catalogue"})["answer"]["protocols"]) == 12
    assert "no JSON" in ask(b"\xff\x00 nonsense")["error"]["problem"]
    assert ask({"id": "two", "do": "check", "draft": draft()})["answer"]["ok"]
    times = []
    for number in range(10):
        began = time.perf_counter()
        asked = {"id": number, "do": "check", "draft": draft(current_density=f"{100 + number} µA/cm²")}
        assert ask(asked)["id"] == number
        times.append((time.perf_counter() - began) * 1e3)
    print(f"a check takes {sorted(times)[5]:.1f} ms, at most {max(times):.1f} ms")
    folder = str(tmp_path / "t")
    assert ask({"id": 3, "do": "save_template", "folder": folder, "name": "a", "draft": draft()})["answer"]
    again = ask({"id": 4, "do": "save_template", "folder": folder, "name": "a", "draft": draft()})
    assert "already" in again["error"]["problem"]
    assert ask({"id": 5, "do": "remove_template", "folder": folder, "name": "a"})["answer"]["name"] == "a"
    out, err = started.communicate(timeout=30)
    assert (out, err, started.returncode) == (b"", b"", 0)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=80))
def test_any_bytes_are_answered_with_one_line(line):
    assert "error" in told(line)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(["id", "do", "draft", "queue", "path", "folder", "name", "replace", "cell", "x"])
VERBS = st.sampled_from(["catalogue", "check", "check_queue", "open", "tidy_cell", "nonsense"])
DRAFTS = st.fixed_dictionaries(
    {},
    optional={
        "protocol": st.sampled_from(["GeisStripping", "ArrheniusPeis", "x"]),
        "parameters": st.dictionaries(
            st.sampled_from(["current_density", "temperatures", "threshold", "confirmations", "way"]), VALUES
        ),
        "cell": st.dictionaries(st.sampled_from(["name", "anode", "electrode_diameter", "counter"]), VALUES),
        "title": st.text(),
    },
)


@settings(deadline=None, max_examples=300)
@given(st.dictionaries(KEYS, VALUES, max_size=4), VERBS, DRAFTS)
def test_any_json_is_answered_with_its_number_and_no_internal_error(asked, verb, draft):
    line = asked | {"id": 7, "do": verb} | ({"draft": draft} if verb == "check" else {})
    found = told(line)
    assert found["id"] == 7
    assert "internal error" not in found.get("error", {}).get("problem", "")


@settings(deadline=None, max_examples=150)
@given(DRAFTS)
def test_any_draft_is_judged(draft):
    found = told({"id": 1, "do": "check", "draft": draft})
    assert found["answer"]["ok"] in (True, False)
    queue = told(
        {"id": 1, "do": "check_queue", "queue": {"steps": [{**draft} | {}] if "title" not in draft else []}}
    )
    assert not queue["answer"]["ok"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"do": "fly"}, "nothing is called 'fly'"),
        ({}, "nothing is called None"),
        ({"do": "check"}, "draft is missing"),
        ({"do": "check", "draft": {}, "speed": 3}, "speed is not known"),
        ({"do": "check", "draft": {"colour": 3}}, "colour: unknown key"),
        (
            {"do": "save_template", "folder": ".", "name": "a", "draft": {}, "replace": 1},
            "replace is of the wrong",
        ),
        ([1], "no JSON object"),
    ],
)
def test_what_is_asked_wrongly_is_explained(asked, words):
    assert words in told(asked)["error"]["problem"]


def test_deep_nesting_and_long_lines_are_refused():
    assert "error" in told(b'{"id": 1, "do": "check", "draft": ' + b"[" * 100_000)
    deep = b'{"a":' * 900 + b"1" + b"}" * 900
    assert "id" in told(b'{"id": 1, "do": "check", "draft": {"cell": ' + deep + b"}}")
    assert "bytes" in told(b" " * 4_000_001 + b"{}")["error"]["problem"]


def test_a_number_that_json_does_not_have_is_not_sent_back():
    assert told(b'{"id": NaN, "do": "catalogue"}')["id"] is None


def test_the_loop_ends_where_nobody_listens_any_more():
    class Gone(BytesIO):
        def write(self, data):
            raise BrokenPipeError

    serve([b"{}\n", b"{}\n"], Gone())
    out = BytesIO()
    serve([b"\n", b"{}\n"], out)
    assert out.getvalue().count(b"\n") == 1
