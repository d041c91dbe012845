"""The operator's window: reads the store, appends commands, reaches no instrument."""
