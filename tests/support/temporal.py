"""A throw-away Temporal server for tests."""

from collections.abc import Iterator
from contextlib import contextmanager

from deploy.local.ports import free_port
from deploy.local.temporal import TemporalServer


@contextmanager
def throwaway_temporal(time_skipping: bool = True) -> Iterator[TemporalServer]:
    """A running server with its state in memory, on a free port, with the namespace `rjhub`; gone afterwards.

    Connect with `Client.connect(server.address, namespace=server.namespace)`.
    """
    server = TemporalServer(folder=None, port=free_port(), time_skipping=time_skipping)
    try:
        server.start()
        yield server
    finally:
        server.stop(grace_seconds=0.2)  # it waits a second for its clients; a test's server has nothing to keep
