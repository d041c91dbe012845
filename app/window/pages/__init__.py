"""The pages of the window: what fills it below the header, one at a time."""
