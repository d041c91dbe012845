"""The compiled kernels; importing this module makes them or takes them from the disk."""

import numpy as np

from analysis.engine.choice import Kernels
from analysis.engine.compiled import minimise_block
from analysis.engine.compiled_kk import band_block
from analysis.engine.compiled_scan import scan_block
from analysis.engine.kk_settings import FIGURES
from core.records import Floats


def load() -> Kernels:
    """Return the kernels after a first call of each, so that nobody who measures waits for them."""
    p, n, nodes = 1, 2, np.array([[2, 0, 1]])
    one, rows = np.ones(1, dtype=np.int64), np.ones((1, n))
    program = (
        nodes,
        np.zeros(0, dtype=np.int64),
        np.zeros(1, dtype=np.int64),
        np.array([[0.0], [1.0], [np.nan], [np.nan]]),
    )
    outputs = (
        np.empty((1, p)), np.empty(1), np.empty(1, dtype=bool), np.empty(1), np.empty(1),
        np.empty((1, p, p)), np.empty((1, p, p)), np.empty((1, p, 2 * p + 1)),
    )  # fmt: skip
    minimise_block(
        *program, rows, one * n, rows, 0 * rows, rows, 0 * rows, np.zeros((1, p)), np.zeros((1, p)),
        np.zeros((1, 1)), np.zeros((1, p)), np.ones(p, dtype=bool), *outputs,
    )  # fmt: skip
    subsets, sizes = np.array([[0, 1, 2]]), np.array([3])
    scan_block(
        np.ones((2, 2 * n)), np.ones((1, 2 * n)), rows, rows, one * n, subsets, sizes,
        np.zeros((1, 1), dtype=bool), np.empty((1, 1)), np.empty((1, 1, 3)), np.empty((1, 1), dtype=np.int64),
    )  # fmt: skip
    band_block(
        rows, rows.astype(complex), one * n, 3.0, np.empty((1, FIGURES)), np.empty((0, n), dtype=complex)
    )
    return Kernels("compiled", minimise_block, scan_block, band_block, joint_block)


def joint_block(*arrays: Floats) -> bool:
    """See `analysis.engine.compiled_trends`, which is made when first asked for: a live fit does without."""
    from analysis.engine import compiled_trends

    return bool(compiled_trends.joint_block(*arrays))
