import subprocess
import sys


def test_whoever_starts_runners_does_not_load_what_only_they_need():
    code = "import sys, app.cli.demo as demo, app.runner.crew; demo.paper_recipes(1); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"analysis", "pandas", "protocols", "pymeasure", "pyvisa"}.intersection(loaded.stdout.split())
