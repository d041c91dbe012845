"""``stripbench fit``: files in, a table or JSON out; one bad file does not spoil the others."""

import json
import subprocess
import sys

import numpy as np
import pytest

TRUE = {"R_bulk": 300.0, "R_gb": 150.0, "R_int": 900.0, "C_int": 8e-7}
UNITS = {"R_bulk": "Ω", "tau_bulk": "s", "C_int": "F", "L": "H", "alpha_int": "", "drift_int": "1/s"}


def sweep(resistance=TRUE["R_int"], points=69):
    """A lithium | LLZO cell with 0.1 % noise: f in Hz, Z in Ω."""
    f = np.geomspace(7e6, 1.0, points)
    w = 2j * np.pi * f
    Z = 0.6e-6 * w + 300 / (1 + w / (2 * np.pi * 40e6)) + 150 / (1 + (w / (2 * np.pi * 6e5)) ** 0.9)
    Z = Z + resistance / (1 + (w * resistance * TRUE["C_int"]) ** 0.95)
    noise = np.random.default_rng(3).normal(size=(2, points)) * 1e-3 * np.abs(Z)
    return f, Z + noise[0] + 1j * noise[1]


@pytest.fixture
def csv(tmp_path):
    """Write sweeps below each other into a CSV file and return its path."""

    def write(name, *sweeps, headings="f/Hz,Z' (Ohm),-Z'' (Ohm),time/s,cycle"):
        rows = [
            f"{x:.9E},{z.real:.9E},{-z.imag:.9E},{1000 * k + place},{k}"
            for k, (f, Z) in enumerate(sweeps)
            for place, (x, z) in enumerate(zip(f, Z, strict=True))
        ]
        path = tmp_path / name
        path.write_text(headings + "\n" + "\n".join(rows) + "\n")
        return path

    return write


def test_json_has_the_shape_that_is_promised(cli, csv):
    path = csv("a.csv", sweep(), sweep(2000.0))
    status, out, err = cli("fit", path, "--json", "-", "--area", "0.5 cm²", "--temperature", "25 °C")
    assert (status, err) == (0, "")
    result = json.loads(out)
    assert list(result) == ["spectra"]
    first, second = result["spectra"]
    assert list(first) == [
        *("file", "index", "time_s", "points", "circuit", "parameters", "kk", "mask", "rms_residual", "flags")
    ]
    assert (first["file"], first["index"], second["index"]) == (str(path), 0, 1)
    assert (first["time_s"], second["time_s"]) == (34.0, 1034.0)
    assert (first["points"], len(first["mask"])) == (69, 69)
    assert set(first["mask"]) <= {True, False}
    for name, true in TRUE.items():
        found = first["parameters"][name]
        assert set(found) == {"value", "stderr", "unit"}
        assert found["value"] == pytest.approx(true, rel=0.1 if name == "R_gb" else 0.05)
    assert {name: first["parameters"][name]["unit"] for name in UNITS} == UNITS
    assert second["parameters"]["R_int"]["value"] == pytest.approx(2000, rel=0.02)
    assert first["kk"]["passed"] is True
    assert first["rms_residual"] < 0.003
    assert first["flags"] == []


def test_what_is_no_number_is_null(cli, csv):
    path = csv("a.csv", sweep(points=4))
    status, out, _ = cli("fit", path, "--json", "-")
    (only,) = json.loads(out)["spectra"]
    assert status == 0
    assert "no fit" in only["flags"]
    assert only["parameters"]["R_int"] == {"value": None, "stderr": None, "unit": "Ω"}
    assert only["rms_residual"] is None


def test_a_file_without_times_has_none(cli, tmp_path):
    f, Z = sweep()
    path = tmp_path / "a.txt"
    np.savetxt(path, np.transpose([f, Z.real, Z.imag]))
    status, out, err = cli("fit", path, "--json", "-")
    (only,) = json.loads(out)["spectra"]
    assert (status, only["time_s"]) == (0, None)
    assert only["parameters"]["R_int"]["value"] == pytest.approx(TRUE["R_int"], rel=0.02)
    assert f"note: {path}: no headings" in err


def test_the_others_are_fitted_where_a_file_cannot_be_read(cli, csv, tmp_path):
    good, bad, target = csv("a.csv", sweep()), tmp_path / "bad.csv", tmp_path / "out.json"
    bad.write_text("f,Z',Z''\n1,2,3\n4,oops,6\n7,8,9\n")
    status, out, err = cli("fit", bad, good, tmp_path / "nothing.mpt", "--json", target)
    assert (status, out) == (2, "")
    assert "bad.csv, line 3: 'oops' is no number for Z'" in err
    assert "there is no file" in err
    assert [each["file"] for each in json.loads(target.read_text())["spectra"]] == [str(good)]


def test_one_spectrum_is_shown_in_full(cli, csv):
    status, out, _ = cli("fit", csv("a.csv", sweep()), "--area", "0.5 cm²")
    lines = {line.split()[0]: line for line in out.splitlines() if line.strip()}
    assert status == 0
    assert "Ω cm²" in lines["R_int"]
    assert float(lines["R_int"].split()[1]) == pytest.approx(450, rel=0.02)
    assert "µF/cm²" in lines["C_int"]
    assert "Kramers–Kronig passed" in out


def test_several_spectra_are_a_table(cli, csv):
    path = csv("a.csv", sweep(), sweep(2000.0), sweep(points=4))
    status, out, _ = cli("fit", path)
    rows = [line for line in out.splitlines() if line.startswith("a.csv #")]
    assert status == 0
    assert len(rows) == 3
    assert "kΩ" in rows[1]
    assert "no fit" in rows[2]


def test_patterns_are_expanded_where_the_shell_does_not(cli, csv):
    path = csv("a.csv", sweep(points=4))
    csv("b.csv", sweep(points=4))
    status, out, _ = cli("fit", path.parent / "*.csv", "--json", "-")
    assert (status, len(json.loads(out)["spectra"])) == (0, 2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--area", "0.5"], "'0.5' has no unit"),
        (["--area", "-1 cm²"], "--area '-1 cm²' is refused"),
        (["--temperature", "25 Hz"], "'25 Hz' cannot be read"),
        (["--json", "/nowhere/a.json"], "cannot be written"),
        (["--fix", "nonsense"], "does not restrict a parameter"),
        (["--fix", "R_nobody=1"], "R_nobody"),
    ],
)
def test_bad_requests_are_refused_before_anything_is_read(cli, csv, arguments, said):
    status, out, err = cli("fit", csv("a.csv", sweep()), *arguments)
    assert (status, out) == (2, "")
    assert said in " ".join(err.split())


def test_help_starts_without_the_readers_and_the_analysis(stripbench):
    code = "import sys; import app.cli.main; print({'analysis', 'storage.files'} & set(sys.modules))"
    status, out, _ = stripbench("fit", "--help")
    assert status == 0
    assert "--circuit" in out
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "set()"
