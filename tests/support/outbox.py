"""A little outbox over HTTP for tests: keeps messages by id, and fails as it is told to."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


class LittleOutbox:
    """Serves POST /messages on loopback. `status` 0 is the real behaviour, any other number is answered instead.

    With `deliver_first` a message is kept before the answer fails, as when an answer is lost on its way.
    """

    def __init__(self) -> None:
        self.messages: dict[str, dict[str, Any]] = {}
        self.requests = 0
        self.status = 0
        self.deliver_first = False
        self.delay_seconds = 0.0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def take(self, message: dict[str, Any]) -> int:
        """Keep a message as an outbox does; answers the HTTP status."""
        time.sleep(self.delay_seconds)
        with self._lock:
            self.requests += 1
            if self.status and not self.deliver_first:
                return self.status
            kept = self.messages.setdefault(message["id"], message)
            if self.status:
                return self.status
            same = {**kept, "at": ""} == {**message, "at": ""}
            return (200 if kept is not message else 201) if same else 409

    def close(self) -> None:
        """Stop serving; what was kept stays readable."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _handler_for(outbox: LittleOutbox) -> type[BaseHTTPRequestHandler]:
    """A request handler bound to one outbox, because the standard library builds handlers by class."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = outbox.take(message)
            content = json.dumps({"provider_id": f"receipt-{message['id']}"}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # as the standard library has it
            """Quiet: it would print addresses."""

    return Handler
