"""One package, so that `tests/kafka` is never mistaken for the library `kafka`."""
