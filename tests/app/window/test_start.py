import pytest

from app.window import views
from app.window.drawn import style
from app.window.qt import QtGui
from app.window.start import watch_run
from core.errors import BadInput


@pytest.fixture(autouse=True)
def as_it_was():
    yield
    style.use("light")
    style.enlarge(1.0)


def picture(path):
    image = QtGui.QImage(str(path))
    colours = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
    return (image.width(), image.height()), len(colours)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_screenshots(qapp, url, store, live_run, tmp_path, theme):
    assert watch_run(url, None, tmp_path / "live.png", theme=theme) == 0
    size, colours = picture(tmp_path / "live.png")
    assert size == (1440, 900)
    assert colours > 30
    corner = QtGui.QImage(str(tmp_path / "live.png")).pixelColor(4, 4)
    assert (corner.lightness() < 128) == (theme == "dark")
    assert store.run(1).summary().live


@pytest.mark.parametrize("view", views.names())
def test_there_is_a_picture_of_every_view(qapp, url, live_run, tmp_path, view):
    assert watch_run(url, None, tmp_path / "view.png", view) == 0
    assert picture(tmp_path / "view.png")[0] == (1440, 900)


def test_a_view_that_does_not_exist_is_refused_with_those_that_do(qapp, url, live_run, tmp_path):
    with pytest.raises(BadInput, match="live"):
        watch_run(url, None, tmp_path / "x.png", "everything")


def test_a_screenshot_remembers_nothing(qapp, url, live_run, tmp_path):
    settings = tmp_path / "window.ini"
    assert watch_run(url, None, tmp_path / "live.png", theme="dark", settings=settings) == 0
    assert not settings.exists()


def test_a_screenshot_of_what_cannot_be_read_has_an_exit_status(qapp, url, live_run, tmp_path, capsys):
    assert watch_run(url, 7, tmp_path / "error.png") == 2
    assert "no run 7" in capsys.readouterr().err
    assert picture(tmp_path / "error.png")[0] == (1440, 900)


def test_a_picture_that_cannot_be_written(qapp, url, live_run, tmp_path):
    with pytest.raises(BadInput, match="cannot be written"):
        watch_run(url, None, tmp_path / "no folder" / "x.png")
