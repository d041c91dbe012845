"""The widgets: they draw what `app.window.shown` says, and decide nothing."""
