"""How to talk to each instrument: one abstract instrument a file, real models behind it."""
