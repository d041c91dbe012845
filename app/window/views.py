"""What can be put in front of the window by name, for pictures and from the command line."""

from app.window.pages.live import LivePage
from app.window.pages.places import PLACES
from app.window.window import Window
from core.errors import BadInput

KEYS = "keys"


def names() -> tuple[str, ...]:
    """Return the names of the views: the pages, the tabs of the live one, and the sheet of keys."""
    return (*(place.name for place in PLACES), *LivePage.VIEWS, KEYS)


def look_at(window: Window, view: str) -> None:
    """Put a view in front.

    Raises
    ------
    BadInput
        If there is no view of that name.
    """
    if view in (place.name for place in PLACES):
        window.go(view)
    elif view in LivePage.VIEWS:
        window.go("live")
        page = window.front
        assert isinstance(page, LivePage)
        page.look_at(view)
    elif view == KEYS:
        window.show_keys()
    else:
        raise BadInput(f"the window has no view {view!r};", f"it has {', '.join(names())}.")
