"""Takes spans off the request path: callers put, one task writes them in batches."""

import asyncio
import sqlite3
from collections.abc import Sequence

from deploy.local.traces.span import Span
from deploy.local.traces.store import SpanStore
from services.runtime.log import get_logger

_QUEUED_EXPORTS_MAX = 512
_BATCH_SPANS = 4000


class IngestFullError(Exception):
    """More spans are waiting than the store can take; the sender should try again later."""


class Ingest:
    """A bounded queue of exports in front of the store."""

    def __init__(self, store: SpanStore) -> None:
        """Write into the store as long as `run` runs."""
        self._store = store
        self._queue: asyncio.Queue[Sequence[Span]] = asyncio.Queue(_QUEUED_EXPORTS_MAX)

    def put(self, spans: Sequence[Span]) -> None:
        """Take the spans of one export; raises IngestFullError."""
        try:
            self._queue.put_nowait(spans)
        except asyncio.QueueFull:
            raise IngestFullError from None

    async def settled(self) -> None:
        """Wait until what was put before is written, so that a page shows what its reader has just caused."""
        await self._queue.join()

    async def run(self) -> None:
        """Write until cancelled: everything that waits goes into one transaction, up to a bounded batch."""
        while True:
            exports = [await self._queue.get()]
            while not self._queue.empty() and sum(map(len, exports)) < _BATCH_SPANS:
                exports.append(self._queue.get_nowait())
            try:
                await asyncio.to_thread(self._store.add, [span for spans in exports for span in spans])
            except sqlite3.Error:
                # A full disk must not end the process: what comes after the disk has room again is kept.
                get_logger(__name__).exception("spans_not_written", exports_count=len(exports))
            finally:
                for _ in exports:
                    self._queue.task_done()
