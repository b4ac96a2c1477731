"""One case: its pure core and the workflow that runs it."""
