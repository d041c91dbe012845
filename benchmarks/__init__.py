"""The commands behind every figure that is quoted."""
