"""What can be wrong with this machine, said in one sentence to the person who started us."""


class StartError(Exception):
    """Something outside the program stops it. `str()` is one sentence that says what, and what to do."""
