"""Circuits: as text, as a tree, with what is known about their parameters, and as a program."""
