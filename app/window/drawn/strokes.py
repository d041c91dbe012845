"""The history of spectra in a plot: thousands of lines, painted once and moved while the plot moves.

Painting two thousand arcs takes as long as several frames. So they are painted into a picture of the plot, a
few at a time between other things; meanwhile, and while somebody pans or zooms, the picture there is
stands in for the next one, moved and stretched to its place.
"""

import itertools
from dataclasses import dataclass

from app.window.drawn import style
from app.window.drawn.canvas import Plot, pen
from app.window.drawn.painting import painting
from app.window.qt import QtCore, QtGui, QtWidgets, pg
from app.window.shown.strands import COLOURS, Strands, stretches
from core.clock import wall_time
from core.records import Floats

MANY = 400
"""From so many spectra on, lines are drawn without smoothing, and do not shine through: it is quicker."""

OPACITY = 150

AT_ONCE = 0.006
"""s of painting after which the rest is left for the next turn of the event loop."""

SETTLED = 60
"""ms for which a plot has not moved before its history is painted anew, if there is a picture of it."""

SELDOM = 2.0
"""s at least between two paintings of a history that only grows: while spectra arrive, its end is hidden
behind the last one anyway."""

POINTS_A_PIECE = 2000


@dataclass(frozen=True)
class Piece:
    """Some lines of one colour, in the units of the axes."""

    path: QtGui.QPainterPath
    pen: QtGui.QPen


@dataclass
class Picture:
    """Lines painted for one place of the plot.

    Attributes
    ----------
    pixels : QPixmap
    place : QTransform
        From the units of the axes to the pixels of the plot.
    drawn : int
        Pieces that are in it.
    """

    pixels: QtGui.QPixmap
    place: QtGui.QTransform
    drawn: int = 0


class Strokes(pg.GraphicsObject):
    """Draws the spectra of a history behind everything else; the range of the plot does not follow them.

    Parameters
    ----------
    plot : Plot
    """

    def __init__(self, plot: Plot) -> None:
        super().__init__()
        self._plot = plot
        self._pieces: list[Piece] = []
        self._smooth = True
        self._drawn: tuple[object, ...] = ()
        self._count, self._first = 0, float("nan")
        self._colours = style.sequence(COLOURS)
        self._bounds = QtCore.QRectF()
        self._shown: Picture | None = None
        self._next: Picture | None = None
        self._wanted: tuple[QtGui.QTransform, QtCore.QSize] | None = None
        self._timer = QtCore.QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._paint_on)
        self._later = QtCore.QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._take_up)
        self._waiting: tuple[Strands, Floats, Floats, float, str] | None = None
        self._taken = float("-inf")
        self.setZValue(-10)
        plot.addItem(self, ignoreBounds=True)

    def draw(self, past: Strands, x: Floats, y: Floats, until: float, unit: str) -> None:
        """Draw a history, after a while if one was drawn just now and this one is only longer.

        Nothing is done while it is the one that is drawn, in the same colours.

        Parameters
        ----------
        past : Strands
        x, y : ndarray, shape (n,)
            Where its points are drawn.
        until : float
            The hour of the strongest colour.
        unit : str
            Of the axes: with another one, x and y differ.
        """
        before, self._waiting = self._waiting, (past, x, y, until, unit)
        grown = len(past) >= self._count > 0 and self._drawn[-1:] == (unit,) and self._first == past.hour[0]
        since = wall_time() - self._taken
        if not grown or since >= SELDOM:
            self._take_up()
        elif before is None:
            self._later.start(round(1e3 * (SELDOM - since)))

    def _take_up(self) -> None:
        """Cut the history that is wanted into lines."""
        if self._waiting is None:
            return
        (past, x, y, until, unit), self._waiting = self._waiting, None
        self._later.stop()
        found = dict(stretches(past, until))
        if (past, found, unit) == self._drawn:
            return
        self._drawn, self._taken = (past, found, unit), wall_time()
        self._count, self._first = len(past), float(past.hour[0]) if len(past) else float("nan")
        self._smooth = len(past) <= MANY
        self._pieces = [
            piece for colour, each in found.items() for piece in self._cut(colour, past, x, y, each)
        ]
        self.prepareGeometryChange()
        self._bounds = QtCore.QRectF()
        for piece in self._pieces:
            self._bounds |= piece.path.boundingRect()
        self._next = None
        if self._wanted is not None:
            self._timer.start(0)
        self.update()

    def boundingRect(self) -> QtCore.QRectF:
        """Return what the lines cover, in the units of the axes."""
        return self._bounds

    def paint(
        self,
        p: QtGui.QPainter,
        _option: QtWidgets.QStyleOptionGraphicsItem | None = None,
        _widget: QtWidgets.QWidget | None = None,
    ) -> None:
        """Show the picture there is, and see to it that it becomes the right one."""
        if isinstance(p.device(), QtGui.QPicture):
            for piece in self._pieces:
                self._stroke(p, piece)
            return
        place, size = p.worldTransform(), self._plot.viewport().size()
        if (place, size) != self._wanted:
            self._wanted, self._next = (place, size), None
            self._timer.start(0 if self._shown is None else SETTLED)
        if self._shown is not None:
            back, possible = self._shown.place.inverted()
            if possible:
                p.save()
                p.setWorldTransform(back * place)
                p.drawPixmap(0, 0, self._shown.pixels)
                p.restore()

    def finish(self) -> bool:
        """Paint what is still to be painted, at once; return whether there was anything."""
        self._take_up()
        if not self._timer.isActive():
            return False
        self._timer.stop()
        while self._paint_some(float("inf")):
            pass
        return True

    def _paint_on(self) -> None:
        if self._paint_some(wall_time() + AT_ONCE):
            self._timer.start(0)

    def _paint_some(self, until: float) -> bool:
        """Paint pieces into the next picture; return whether more are to come."""
        if self._wanted is None:
            return False
        if self._next is None:
            self._next = self._empty(*self._wanted)
        with painting(self._next.pixels) as painter:
            painter.setWorldTransform(self._next.place)
            while self._next.drawn < len(self._pieces):
                self._stroke(painter, self._pieces[self._next.drawn])
                self._next.drawn += 1
                if wall_time() > until:
                    break
        if self._next.drawn < len(self._pieces):
            return True
        self._shown, self._next = self._next, None
        self.update()
        return False

    def _empty(self, place: QtGui.QTransform, size: QtCore.QSize) -> Picture:
        scale = self._plot.viewport().devicePixelRatioF()
        pixels = QtGui.QPixmap(size * scale)
        pixels.setDevicePixelRatio(scale)
        pixels.fill(QtCore.Qt.GlobalColor.transparent)
        return Picture(pixels, QtGui.QTransform(place))

    def _stroke(self, painter: QtGui.QPainter, piece: Piece) -> None:
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, self._smooth)
        painter.setPen(piece.pen)
        painter.drawPath(piece.path)

    def _cut(self, colour: int, past: Strands, x: Floats, y: Floats, stretch: slice) -> list[Piece]:
        """Return the lines of one colour in pieces that are painted quickly."""
        shade = QtGui.QColor(self._colours[colour])
        shade.setAlpha(OPACITY if self._smooth else 255)
        line = pen(shade, 1)
        edges = [stretch.start]
        for end in past.start[(past.start > stretch.start) & (past.start <= stretch.stop)]:
            if end - edges[-1] >= POINTS_A_PIECE or end == stretch.stop:
                edges.append(int(end))
        parts = [slice(a, b) for a, b in itertools.pairwise(edges)]
        return [Piece(pg.arrayToQPath(x[part], y[part], connect="finite"), line) for part in parts]
