"""The photos of a cell: small ones in a row, one of them large in their place when it is clicked."""

from collections.abc import Callable, Sequence
from pathlib import Path

from app.window.drawn import style
from app.window.drawn.labels import ElidedLabel, label
from app.window.drawn.painting import painting
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.shown.cell_facts import photo_words
from storage import CellPhoto

SMALL = QtCore.QSize(216, 144)
LARGE = QtCore.QSize(1600, 1200)
TALLEST = 560
"""Pixels of an enlarged photo on the page."""
FILES = "Photos (*.png *.jpg *.jpeg)"


class CellPhotos(QtWidgets.QWidget):
    """Photos, and the button to add some.

    Parameters
    ----------
    add : callable
        Called with files that are to be added.

    Attributes
    ----------
    large_wanted : pyqtSignal
        With the id of a photo that is to be enlarged.
    """

    large_wanted = QtCore.pyqtSignal(int)

    def __init__(self, add: Callable[[Sequence[Path]], None]) -> None:
        super().__init__()
        self._add = add
        self._folder = ""
        self._dialog: QtWidgets.QFileDialog | None = None
        self.photos: tuple[CellPhoto, ...] = ()
        self.small: dict[int, _Small] = {}
        self.empty = label(14, grey=True)
        self.empty.setText("No photo yet. Add one, or drop a PNG or JPEG file here.")
        self.add = QtWidgets.QToolButton()
        self.add.setText("Add photos …")
        self.add.setFont(style.font(14))
        self.add.setToolTip("PNG or JPEG, at most 8 MiB; kept in the store with a checksum  (Ctrl+P)")
        self.add.setShortcut(QtGui.QKeySequence("Ctrl+P"))
        self.add.clicked.connect(self.ask_for_files)
        self._row = QtWidgets.QHBoxLayout()
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2 * style.UNIT)
        self._row.addStretch(1)
        holder = QtWidgets.QWidget()
        holder.setObjectName("panel")
        holder.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        holder.setLayout(self._row)
        self._strip = QtWidgets.QScrollArea()
        self._strip.setWidgetResizable(True)
        self._strip.setVerticalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._strip.setWidget(holder)
        self._strip.setFixedHeight(SMALL.height() + 5 * style.UNIT)
        self.large = _Large(self._close_large, self._step)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.UNIT)
        for widget in (self.empty, self._strip, self.large):
            column.addWidget(widget)
        column.addWidget(self.add, 0, QtCore.Qt.AlignmentFlag.AlignLeft)
        self.show_photos(())

    def show_photos(self, photos: Sequence[CellPhoto]) -> list[int]:
        """Show which photos there are; return the ids of those whose pictures are still wanted."""
        wanted = {each.id for each in photos}
        for gone in [number for number in self.small if number not in wanted]:
            widget = self.small.pop(gone)
            self._row.removeWidget(widget)
            widget.deleteLater()
        self.photos = tuple(photos)
        new = [each for each in photos if each.id not in self.small]
        for each in new:
            self.small[each.id] = _Small(each, self._enlarge)
            self._row.insertWidget(self._row.count() - 1, self.small[each.id])
        if self.large.photo is not None and self.large.photo.id not in wanted:
            self.large.forget()
        self._arrange()
        return [each.id for each in new]

    def show_small(self, photo: int, image: QtGui.QImage | str) -> None:
        """Show the picture of a photo, or the words why there is none."""
        if photo in self.small:
            self.small[photo].show_image(image)

    def show_large(self, photo: int, image: QtGui.QImage | str) -> None:
        """Show a photo enlarged, or the words why it cannot be."""
        if self.large.photo is not None and self.large.photo.id == photo:
            self.large.show_image(image)

    def ask_for_files(self) -> None:
        """Open the dialog for files; it does not stand in the way of anything."""
        if self._dialog is None:
            self._dialog = QtWidgets.QFileDialog(self, "Photos of this cell", self._folder, FILES)
            self._dialog.setFileMode(QtWidgets.QFileDialog.FileMode.ExistingFiles)
            self._dialog.setModal(False)
            self._dialog.filesSelected.connect(lambda names: self._add([Path(name) for name in names]))
        self._dialog.show()

    def _enlarge(self, photo: CellPhoto) -> None:
        self.large.show_photo(photo, len(self.photos) > 1)
        self._arrange()
        self.large.picture.setFocus()
        self.large_wanted.emit(photo.id)

    def _close_large(self) -> None:
        photo = self.large.photo
        self.large.forget()
        self._arrange()
        if photo is not None and photo.id in self.small:
            self.small[photo.id].button.setFocus()

    def _step(self, by: int) -> None:
        numbers = [each.id for each in self.photos]
        if self.large.photo is not None and self.large.photo.id in numbers:
            at = (numbers.index(self.large.photo.id) + by) % len(numbers)
            self._enlarge(self.photos[at])

    def _arrange(self) -> None:
        enlarged = self.large.photo is not None
        self.empty.setVisible(not self.photos)
        self._strip.setVisible(bool(self.photos) and not enlarged)
        self.large.setVisible(enlarged)


class _Small(QtWidgets.QWidget):
    """A photo as a button, with its caption."""

    def __init__(self, photo: CellPhoto, enlarge: Callable[[CellPhoto], None]) -> None:
        super().__init__()
        words = photo_words(photo)
        self.button = QtWidgets.QToolButton()
        self.button.setFixedSize(SMALL.width() + 8, SMALL.height() + 8)
        self.button.setIconSize(SMALL)
        self.button.setFont(style.font(13))
        self.button.setText("reading …")
        self.button.setAccessibleName(words)
        self.button.setToolTip(f"{words}\nClick or Enter enlarges it")
        self.button.clicked.connect(lambda: enlarge(photo))
        self.caption = ElidedLabel(13, grey=True)
        self.caption.show_text(photo.caption or f"photo {photo.id}", words)
        self.caption.setFixedWidth(SMALL.width() + 8)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.button)
        column.addWidget(self.caption)
        column.addStretch(1)

    def show_image(self, image: QtGui.QImage | str) -> None:
        """Show the picture, or why there is none."""
        if isinstance(image, str):
            self.button.setText("■ cannot be shown")
            self.button.setToolTip(image)
            self.caption.show_text(image)
        else:
            self.button.setIcon(QtGui.QIcon(QtGui.QPixmap.fromImage(image)))
            self.button.setText("")


class _Large(QtWidgets.QWidget):
    """One photo as large as the page allows, until it is closed with a click or Escape."""

    def __init__(self, close: Callable[[], None], step: Callable[[int], None]) -> None:
        super().__init__()
        self.photo: CellPhoto | None = None
        self.picture, self.caption = _Picture(close, step), label(14, grey=True)
        self.caption.setWordWrap(True)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.UNIT // 2)
        column.addWidget(self.picture)
        column.addWidget(self.caption)

    def show_photo(self, photo: CellPhoto, several: bool) -> None:
        """Say which photo it will be."""
        self.photo = photo
        keys = "Click or Esc: back" + (" · ← → : the others" if several else "")
        self.caption.setText(f"{photo_words(photo)}   ·   {keys}")
        self.picture.setAccessibleName(photo_words(photo))
        self.picture.show_image("reading …")

    def show_image(self, image: QtGui.QImage | str) -> None:
        """Show the picture, or why there is none."""
        self.picture.show_image(image)

    def forget(self) -> None:
        """Let the picture go."""
        self.photo = None
        self.picture.show_image("")


class _Picture(QtWidgets.QWidget):
    """A picture that keeps its shape, scaled when its size changes and not whenever it is painted."""

    def __init__(self, close: Callable[[], None], step: Callable[[int], None]) -> None:
        super().__init__()
        self._close, self._step = close, step
        self._pixmap, self._words = QtGui.QPixmap(), ""
        self._scaled = QtGui.QPixmap()
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)
        self.setCursor(QtCore.Qt.CursorShape.PointingHandCursor)
        self.setFont(style.font(15))
        self.setFixedHeight(SMALL.height())

    @property
    def shown(self) -> QtCore.QSize:
        """Size of what is painted, in device pixels."""
        return self._scaled.size()

    def show_image(self, image: QtGui.QImage | str) -> None:
        """Show a picture, or words."""
        self._words = image if isinstance(image, str) else ""
        self._pixmap = QtGui.QPixmap() if isinstance(image, str) else QtGui.QPixmap.fromImage(image)
        self._fit()

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:
        """Fit the picture into the width there is."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, _event: QtGui.QPaintEvent | None) -> None:
        """Paint the picture at the left, or the words."""
        with painting(self) as painter:
            if self._words:
                painter.setPen(QtGui.QColor(style.palette().grey))
                painter.drawText(self.rect(), int(QtCore.Qt.AlignmentFlag.AlignCenter), self._words)
            painter.drawPixmap(0, 0, self._scaled)
            if self.hasFocus():
                painter.setPen(QtGui.QPen(QtGui.QColor(style.palette().accent), 2))
                ratio = self.devicePixelRatioF()
                size = QtCore.QSizeF(self._scaled.size()) / ratio if not self._scaled.isNull() else None
                frame = QtCore.QRectF(self.rect()) if size is None else QtCore.QRectF(QtCore.QPointF(), size)
                painter.drawRect(frame.adjusted(1, 1, -1, -1))

    def mousePressEvent(self, event: QtGui.QMouseEvent | None) -> None:
        """Go back to the small ones."""
        if event is not None and event.button() == QtCore.Qt.MouseButton.LeftButton:
            self._close()

    def keyPressEvent(self, event: QtGui.QKeyEvent | None) -> None:
        """Go back, or to the next one."""
        keys = QtCore.Qt.Key
        if event is None:
            return
        if event.key() in (keys.Key_Escape, keys.Key_Return, keys.Key_Enter, keys.Key_Space):
            self._close()
        elif event.key() in (keys.Key_Left, keys.Key_Right):
            self._step(1 if event.key() == keys.Key_Right else -1)
        else:
            super().keyPressEvent(event)

    def _fit(self) -> None:
        if self._pixmap.isNull():
            self._scaled = QtGui.QPixmap()
            self.setFixedHeight(SMALL.height())
        else:
            ratio = self.devicePixelRatioF()
            room = QtCore.QSize(max(round(self.width() * ratio), 1), round(TALLEST * ratio))
            # A tiny picture is not blown up beyond what it shows.
            room = room.boundedTo(self._pixmap.size() * 2)
            self._scaled = self._pixmap.scaled(
                room,
                QtCore.Qt.AspectRatioMode.KeepAspectRatio,
                QtCore.Qt.TransformationMode.SmoothTransformation,
            )
            self._scaled.setDevicePixelRatio(ratio)
            self.setFixedHeight(max(round(self._scaled.height() / ratio), 1))
        self.update()
