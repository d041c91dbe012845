"""Makes the compiled engine and keeps it on the disk; run as a process by `analysis.engine.choice`."""

import os

from analysis.engine.choice import MAKER, prepare

if __name__ == "__main__":
    os.environ[MAKER] = "1"
    prepare(wait=True)
