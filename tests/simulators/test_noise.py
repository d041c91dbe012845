import numpy as np
import pytest

from simulators.noise import Normals, normal


@pytest.mark.parametrize("stride", [1, 10, 100])
def test_one_at_a_time_and_many_at_once_are_the_same_numbers(stride):
    samples = [0, 1, 99, 100, 255, 256, 25_599, 25_600, 25_601, 540_000_003, 7]
    one_by_one = [Normals(5, "gauge/force", stride)(sample) for sample in samples]
    assert one_by_one == normal(5, "gauge/force", np.array(samples)).tolist()
    assert one_by_one != [Normals(6, "gauge/force", stride)(sample) for sample in samples]
