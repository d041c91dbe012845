"""A store that nobody holds any more holds no file."""

import gc
import os
import sys

import pytest

from storage import open_store


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts open files in /proc")
def test_dropped_stores_leave_no_open_files(tmp_path):
    path = str(tmp_path / "store.sqlite")
    open_store(path, create=True).close()
    gc.collect()
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(30):
        assert open_store(path).runs() == []
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) <= before + 3
