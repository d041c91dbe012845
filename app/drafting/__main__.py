"""``python -m app.drafting``: the companion of the window."""

from app.drafting.server import main

if __name__ == "__main__":
    main()
