"""The pure case core: a restorative case's rules as values in, values out; no clock, no I/O, no randomness."""
