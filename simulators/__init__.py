"""The physical cell and a wire-level double of each instrument standing over it."""
