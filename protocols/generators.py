"""Using a generator that holds something: its end, and the errors of who uses it, reach it at once."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

Item = TypeVar("Item")


@contextmanager
def held(generator: Generator[Item]) -> Iterator[Generator[Item]]:
    """Hand out a generator and end it with the block, telling it why.

    Leaving the block closes the generator. An error raised in the block is thrown into it, so that
    what it holds is put away before anything else, and it knows that it did not simply end.
    """
    try:
        yield generator
    except BaseException as error:
        with suppress(StopIteration):
            generator.throw(error)
        raise
    else:
        generator.close()
