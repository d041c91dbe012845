"""One script a package, run by that package's own Python; see `worker`."""
