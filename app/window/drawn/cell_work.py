"""Work of the Cells page off the window's thread: checking what is typed, reading and decoding photos."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from app.window.qt import QtCore, QtGui
from core.errors import BadInput, StripbenchError
from storage.photos import LARGEST, media_type_of

MOST_PIXELS = 100_000_000
"""Of a photo; a small file may claim any number."""
THREADS = 2
PATIENCE = 30.0
"""s that a picture of the window waits for work to be done."""


class Work(QtCore.QObject):
    """Does things in threads and hands over what came of them in the window's thread.

    Nothing is handed over any more once it has been closed.
    """

    _done = QtCore.pyqtSignal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor(THREADS, "cells")
        self._under_way: set[Future[Any]] = set()
        self._latest: dict[str, Future[Any]] = {}
        self._closed = False
        self._done.connect(self._hand_over)

    def do(self, what: Callable[[], Any], then: Callable[[Any], None], replaces: str = "") -> None:
        """Do something in a thread.

        Parameters
        ----------
        what : callable
        then : callable
            Gets in the window's thread what it returned, or the `StripbenchError` it raised.
        replaces : str
            Of several pieces of work under one such name, only the latest is handed over.
        """
        if self._closed:
            return
        before = self._latest.get(replaces) if replaces else None
        if before is not None:
            before.cancel()
        future = self._threads.submit(what)
        self._under_way.add(future)
        if replaces:
            self._latest[replaces] = future

        def told(_future: Future[Any]) -> None:
            self._done.emit((future, replaces), then)

        future.add_done_callback(told)

    def settle(self) -> bool:
        """Wait for what is under way and hand it over; return whether there was anything."""
        waiting = list(self._under_way)
        for future in waiting:
            if not future.cancelled():
                future.exception(PATIENCE)
        QtCore.QCoreApplication.sendPostedEvents(self)
        return bool(waiting)

    def close(self) -> None:
        """Hand over nothing any more."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _hand_over(self, told: tuple[Future[Any], str], then: Callable[[Any], None]) -> None:
        future, replaces = told
        self._under_way.discard(future)
        if self._closed or future.cancelled() or (replaces and self._latest.get(replaces) is not future):
            return
        error = future.exception()
        if error is None:
            then(future.result())
        elif isinstance(error, StripbenchError):
            then(error)
        else:
            then(StripbenchError(f"internal error, {type(error).__name__}: {error};", "look at the log."))


def read_photo(path: Path) -> bytes:
    """Read a photo from a file and make sure that it can be shown.

    Raises
    ------
    BadInput
        If it cannot be read, is too large, no PNG or JPEG, or damaged.
    """
    # A device or a pipe says that it is empty, and is then read for ever.
    if path.exists() and not path.is_file():
        raise BadInput(f"{path} is no file;", "choose a PNG or JPEG file.")
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= LARGEST else b""
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror};", "choose another file.") from None
    if size > LARGEST:
        limit = LARGEST / 2**20
        raise BadInput(
            f"{path.name} has {size / 2**20:.1f} MiB, more than {limit:g} MiB;",
            "make it smaller, or save it as JPEG.",
        )
    try:
        media_type_of(data)
        decode(data, QtCore.QSize(64, 64))
    except BadInput as error:
        raise BadInput(f"{path.name}: {error.problem}", error.remedy) from None
    return data


def decode(data: bytes, room: QtCore.QSize) -> QtGui.QImage:
    """Decode a photo, upright and no larger than there is room for; not for the window's thread.

    Raises
    ------
    BadInput
        If it cannot be decoded, or has far more pixels than a photo has.
    """
    buffer = QtCore.QBuffer()
    buffer.setData(data)
    buffer.open(QtCore.QIODevice.OpenModeFlag.ReadOnly)
    reader = QtGui.QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and size.width() * size.height() > MOST_PIXELS:
        raise BadInput(
            f"the photo has {size.width()} × {size.height()} pixels, too many to be shown;",
            "make it smaller.",
        )
    if size.isValid():
        # Upright it may need the room the other way round, so both sides stay within the longer one.
        longest = max(room.width(), room.height())
        if max(size.width(), size.height()) > longest:
            reader.setScaledSize(size.scaled(longest, longest, QtCore.Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        raise BadInput(
            f"the photo cannot be decoded: {reader.errorString()};", "save it anew, as PNG or JPEG."
        )
    if image.width() > room.width() or image.height() > room.height():
        image = image.scaled(
            room,
            QtCore.Qt.AspectRatioMode.KeepAspectRatio,
            QtCore.Qt.TransformationMode.SmoothTransformation,
        )
    return image
