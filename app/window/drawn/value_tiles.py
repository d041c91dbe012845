"""The live values of the header: large figures, all of one size, as large as the window allows."""

from app.window.drawn import style
from app.window.drawn.labels import label
from app.window.drawn.painting import painting
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.shown.tiles import Tile

SIZES = (34, 32, 30, 28, 26, 24, 22, 20, 19, 18, 17, 16)
"""Pixels of the figures, the largest first that fits everywhere …"""
LEAST = 24
"""… but not below this, as it is to be read from two metres; where writing is enlarged, after that."""

UNIT_SHARE = 0.42
"""Of the size of the figures, for the unit behind them."""

WEIGHTS = {"E": 12, "i": 14, "R_int": 15, "C_int": 15, "Q": 15, "T": 10, "p": 10, "elapsed": 11}
"""How the width is shared, whatever is written, so that nothing jumps when a number gets another digit."""

LEAST_UNIT = 11
"""Pixels of a unit behind small figures."""

GAP = 5
"""Pixels between figures and unit."""


class Caption(QtWidgets.QWidget):
    """The name of a value, with its index, and a remark on the same line."""

    def __init__(self) -> None:
        super().__init__()
        self.name, self.remark = "", ""
        self._fonts = (style.font(14), style.font(11), style.font(13))
        self.setFixedHeight(QtGui.QFontMetrics(self._fonts[0]).height() + 4)

    def show_caption(self, name: str, remark: str) -> None:
        """Show a name, the index after its underscore lowered, and a remark."""
        if (name, remark) != (self.name, self.remark):
            self.name, self.remark = name, remark
            self.update()

    def paintEvent(self, _event: QtGui.QPaintEvent | None) -> None:
        """Paint all of it on one base line; the remark is shortened to the room there is."""
        colours = style.palette()
        with painting(self) as painter:
            name, _, index = self.name.partition("_")
            base, x = QtGui.QFontMetrics(self._fonts[0]).ascent() + 1, 0
            painter.setPen(QtGui.QColor(colours.grey))
            for text, font, drop in ((name, self._fonts[0], 0), (index, self._fonts[1], 3)):
                painter.setFont(font)
                painter.drawText(x, base + drop, text)
                x += QtGui.QFontMetrics(font).horizontalAdvance(text)
            x += 6
            painter.setFont(self._fonts[2])
            metrics = QtGui.QFontMetrics(self._fonts[2])
            shown = metrics.elidedText(self.remark, QtCore.Qt.TextElideMode.ElideRight, self.width() - x)
            painter.drawText(x, base, shown)


class ValueTile(QtWidgets.QWidget):
    """One live value, large, with its unit, and what is to be said of it beside its name."""

    FADED = 0.35

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Fixed)
        self.caption, self.value = Caption(), label(LEAST, bold=True)
        self.unit = label(13, grey=True)
        self._fade = QtWidgets.QGraphicsOpacityEffect(self.value)
        self.value.setGraphicsEffect(self._fade)
        self._fade.setEnabled(False)
        line = QtWidgets.QHBoxLayout()
        line.setSpacing(GAP)
        for widget in (self.value, self.unit):
            line.addWidget(widget, 0, QtCore.Qt.AlignmentFlag.AlignBottom)
        line.addStretch(1)
        self.unit.setContentsMargins(0, 0, 0, 4)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.caption)
        column.addLayout(line)

    def show_tile(self, tile: Tile) -> None:
        """Show a value."""
        self.caption.show_caption(tile.caption, tile.remark)
        self.value.setText(tile.text)
        self.unit.setText(tile.unit)
        self._fade.setOpacity(self.FADED)
        self._fade.setEnabled(tile.stale)
        self.setToolTip(": ".join(part for part in (tile.tip, tile.remark) if part))
        self.setAccessibleName(f"{tile.caption} {tile.text} {tile.unit} {tile.remark}".strip())

    def wants(self, pixels: int) -> int:
        """Return the width that figures of a size would take, with their unit."""
        figures = QtGui.QFontMetrics(style.font(pixels, bold=True)).horizontalAdvance(self.value.text())
        unit = QtGui.QFontMetrics(_unit_font(pixels)).horizontalAdvance(self.unit.text())
        return figures + GAP + unit + 4

    def use_size(self, pixels: int) -> None:
        """Write the figures in a size."""
        font = style.font(pixels, bold=True)
        if font != self.value.font():
            self.value.setFont(font)
            self.unit.setFont(_unit_font(pixels))


def _unit_font(pixels: int) -> QtGui.QFont:
    return style.font(max(round(UNIT_SHARE * pixels), LEAST_UNIT))


class TileRow(QtWidgets.QWidget):
    """The live values beside each other.

    Parameters
    ----------
    tiles : tuple of Tile
        As they are without a run.
    """

    def __init__(self, tiles: tuple[Tile, ...]) -> None:
        super().__init__()
        self.tiles = [ValueTile() for _ in tiles]
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.UNIT)
        for widget, tile in zip(self.tiles, tiles, strict=True):
            row.addWidget(widget, WEIGHTS.get(tile.caption, 12))
        line = QtGui.QFontMetrics(style.font(SIZES[0], bold=True)).height()
        self.setFixedHeight(line + self.tiles[0].caption.height() + 2)
        self.show_tiles(tiles)

    def show_tiles(self, tiles: tuple[Tile, ...]) -> None:
        """Show the live values."""
        for widget, tile in zip(self.tiles, tiles, strict=True):
            widget.show_tile(tile)
        self._fit()

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:
        """Choose the largest size that fits."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = [tile.width() for tile in self.tiles]
        sizes = [size for size in SIZES if round(size * style.scale()) >= LEAST]
        fitting = (
            size
            for size in sizes
            if all(tile.wants(size) <= width for tile, width in zip(self.tiles, room, strict=True))
        )
        pixels = next(fitting, sizes[-1])
        for tile in self.tiles:
            tile.use_size(pixels)
