"""Panels as files: SVG and PNG of the picture, CSV of the numbers."""

import csv
import io
import os
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt5.QtSvg import QSvgGenerator

from app.window.drawn import style
from app.window.drawn.canvas import Plot
from app.window.drawn.painting import painting
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.shown.origin import Origin
from core.clock import utc_now
from core.errors import BadInput

SCALE = 2
"""Pixels of a PNG for one of the screen."""
DOTS_PER_INCH = 96
HEAD, MARGIN = 32, 8
"""Pixels for the title above the plots, and around them."""
WRAPPED = int(QtCore.Qt.TextFlag.TextWordWrap | QtCore.Qt.AlignmentFlag.AlignLeft)
SVG = "http://www.w3.org/2000/svg"

_KINDS = {"SVG": "Scalable vector graphics (*.svg)", "PNG": "Picture (*.png)", "CSV": "Table (*.csv)"}


def ask_where(parent: QtWidgets.QWidget, proposal: str, kind: str, then: Callable[[str], None]) -> None:
    """Ask for a file to write to, without keeping anybody from the rest of the window.

    The dialog itself asks whether a file that exists is to be replaced.

    Parameters
    ----------
    parent : QWidget
    proposal : str
        A name.
    kind : {"SVG", "PNG", "CSV"}
    then : callable
        Called with the path, once one is chosen.
    """
    dialog = QtWidgets.QFileDialog(parent, f"Export as {kind}", proposal, _KINDS[kind])
    dialog.setAcceptMode(QtWidgets.QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(kind.lower())
    dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setModal(False)
    dialog.fileSelected.connect(then)
    dialog.show()


@dataclass(frozen=True)
class Layer:
    """What was drawn, and to which rectangle it is clipped; None for none."""

    picture: QtGui.QPicture
    inside: QtCore.QRect | None = None


@dataclass(frozen=True)
class TakenDown:
    """Plots as they were drawn at one moment, to be played to a file in any thread."""

    size: QtCore.QSize
    layers: tuple[Layer, ...]


def write(target: str, work: Callable[[], bytes]) -> str:
    """Write what comes of some work to a file, whole or not at all; return in words what became of it."""
    path = Path(target)
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        data = work()
        unfinished.write_bytes(data)
        os.replace(unfinished, path)
    except BadInput as error:
        return f"{error.problem} {error.remedy}".strip()
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        return f"{path} was not written: {error.strerror or error}; choose another folder, or make room."
    return f"written: {path}"


def table(
    title: str, columns: Mapping[str, NDArray[Any]], remarks: Sequence[str], origin: Origin | None
) -> bytes:
    """Return columns as CSV in UTF-8, below a block of comments that says where they come from.

    Raises
    ------
    BadInput
        If there is nothing to write.
    """
    if not any(len(column) for column in columns.values()):
        raise BadInput(f"{title} shows nothing yet, so there is no table to write.")
    text = io.StringIO()
    lines = [title, *([] if origin is None else [origin.words]), f"exported {_today()}", *remarks]
    text.writelines(f"# {line}\n" for line in lines)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    longest = max(len(column) for column in columns.values())
    for row in range(longest):
        writer.writerow([_entry(column, row) for column in columns.values()])
    # Spreadsheets take a file for UTF-8 only if it begins with this mark.
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def take_down(title: str, plots: Sequence[Plot], origin: Origin | None) -> TakenDown:
    """Take down plots, one above the other, with a title and where they come from.

    Qt's writer of SVG knows no clipping, so the inside of every plot is a layer of its own that is
    clipped to its frame when the parts are put together.
    """
    words = f"{'' if origin is None else f'{origin.words} · '}stripbench, {_today()}"
    size, foot = _size(plots, words)
    layers = [Layer(_taken(partial(_frame, size=size, title=title, words=words, foot=foot)))]
    for plot, place in _places(plots):
        inside = plot.mapFromScene(plot.box.sceneBoundingRect()).boundingRect()
        inside.translate(place.topLeft().toPoint())
        for part in (False, True):
            picture = _taken(partial(_part, plot=plot, place=place, inside=part))
            layers.append(Layer(picture, inside if part else None))
    return TakenDown(size, tuple(layers))


def pixels(taken: TakenDown) -> bytes:
    """Return a PNG with twice the pixels of the screen."""
    image = QtGui.QImage(taken.size * SCALE, QtGui.QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(SCALE)
    with painting(image) as painter:
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        for layer in taken.layers:
            painter.save()
            if layer.inside is not None:
                painter.setClipRect(layer.inside)
            layer.picture.play(painter)
            painter.restore()
    buffer = QtCore.QBuffer()
    buffer.open(QtCore.QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data())


def vectors(taken: TakenDown) -> bytes:
    """Return an SVG."""
    ET.register_namespace("", SVG)
    whole: ET.Element | None = None
    for number, layer in enumerate(taken.layers):
        drawn = _as_svg(taken.size, layer.picture)
        if whole is None:
            whole = drawn
            continue
        group = ET.SubElement(whole, f"{{{SVG}}}g")
        if layer.inside is not None:
            name = f"inside{number}"
            clip = ET.SubElement(ET.SubElement(whole, f"{{{SVG}}}defs"), f"{{{SVG}}}clipPath", id=name)
            sides = zip(("x", "y", "width", "height"), layer.inside.getRect(), strict=True)
            ET.SubElement(clip, f"{{{SVG}}}rect", {side: str(value) for side, value in sides})
            group.set("clip-path", f"url(#{name})")
        group.extend(list(drawn.iterfind(f"{{{SVG}}}g")))
    assert whole is not None
    return ET.tostring(whole, encoding="utf-8", xml_declaration=True)


def _taken(draw: Callable[[QtGui.QPainter], None]) -> QtGui.QPicture:
    picture = QtGui.QPicture()
    with painting(picture) as painter:
        draw(painter)
    return picture


def _as_svg(size: QtCore.QSize, picture: QtGui.QPicture) -> ET.Element:
    buffer = QtCore.QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QtCore.QRect(QtCore.QPoint(0, 0), size))
    generator.setResolution(DOTS_PER_INCH)
    with painting(generator) as painter:
        picture.play(painter)
    drawn = ET.fromstring(bytes(buffer.data()))
    # It writes millimetres, of which every program makes another number of pixels.
    drawn.set("width", str(size.width()))
    drawn.set("height", str(size.height()))
    return drawn


def _part(painter: QtGui.QPainter, plot: Plot, place: QtCore.QRectF, inside: bool) -> None:
    """Draw either what is inside the frame of a plot, or everything else of it."""
    contents = [plot.box.childGroup]
    others = [each for each in plot.getPlotItem().childItems() if each is not plot.box]
    others += [each for each in plot.box.childItems() if each is not plot.box.childGroup]
    hidden = [(item, item.opacity()) for item in (others if inside else contents)]
    for item, _ in hidden:
        # Hiding would lay the plot out anew; what is transparent keeps its place and is not drawn.
        item.setOpacity(0)
    try:
        with _as_shapes(plot, painter):
            plot.render(painter, place)
    finally:
        for item, opacity in hidden:
            item.setOpacity(opacity)


@contextmanager
def _as_shapes(plot: Plot, painter: QtGui.QPainter) -> Iterator[None]:
    """Have dots drawn as shapes; on the screen they are stamped as small pictures. The ground is left out."""
    items = [item for item in plot.scene().items() if hasattr(item, "setExportMode")]
    ground = plot.backgroundBrush()
    plot.setBackgroundBrush(QtGui.QBrush(QtCore.Qt.BrushStyle.NoBrush))
    for item in items:
        item.setExportMode(True, {"painter": painter, "antialias": True, "resolutionScale": 1.0})
    try:
        yield
    finally:
        for item in items:
            item.setExportMode(False)
        plot.setBackgroundBrush(ground)


def _frame(painter: QtGui.QPainter, size: QtCore.QSize, title: str, words: str, foot: int) -> None:
    """Draw the paper, the title above and the origin below, in as many lines as it needs."""
    colours = style.palette()
    painter.fillRect(QtCore.QRect(QtCore.QPoint(0, 0), size), QtGui.QColor(colours.paper))
    painter.setPen(QtGui.QColor(colours.ink))
    painter.setFont(style.font(14, bold=True))
    painter.drawText(2 * MARGIN, HEAD - 2 * MARGIN + 4, title)
    painter.setPen(QtGui.QColor(colours.grey))
    painter.setFont(_small())
    width = size.width() - 4 * MARGIN
    painter.drawText(QtCore.QRect(2 * MARGIN, size.height() - foot, width, foot), WRAPPED, words)


def _small() -> QtGui.QFont:
    return style.font(11)


def _places(plots: Sequence[Plot]) -> list[tuple[Plot, QtCore.QRectF]]:
    places, top = [], float(HEAD)
    for plot in plots:
        places.append((plot, QtCore.QRectF(MARGIN, top, plot.width(), plot.height())))
        top += plot.height()
    return places


def _size(plots: Sequence[Plot], words: str) -> tuple[QtCore.QSize, int]:
    """Return the size of the whole picture, and how much of its height the words below need."""
    width = max(plot.width() for plot in plots) + 2 * MARGIN
    room = QtCore.QRect(0, 0, width - 4 * MARGIN, 1000)
    foot = QtGui.QFontMetrics(_small()).boundingRect(room, WRAPPED, words).height() + MARGIN
    return QtCore.QSize(width, HEAD + sum(plot.height() for plot in plots) + MARGIN + foot), foot


def _entry(column: NDArray[Any], row: int) -> str:
    if row >= len(column):
        return ""
    value = column[row]
    if isinstance(value, (float, np.floating)):
        return "" if np.isnan(value) else f"{value:.10g}"
    return str(value)


def _today() -> str:
    return utc_now().astimezone().strftime("%Y-%m-%d %H:%M")
