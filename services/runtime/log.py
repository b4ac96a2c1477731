"""Logs: one line per event, as JSON or for a terminal, with trace ids and with nothing personal in it.

Only scalars are written; any key that sounds personal, and any value with an @ in it, becomes "[withheld]".
An error is written as its type and the places in the code it passed: messages and local values can hold data.
"""

from __future__ import annotations

import logging
import re
import sys
from functools import lru_cache
from typing import TextIO, cast

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor

from services.runtime.telemetry import trace_ids

WITHHELD = "[withheld]"

# fmt: off
_PERSONAL = frozenset({
    "name", "names", "forename", "surname", "firstname", "lastname", "fullname", "nickname", "alias", "email",
    "mail", "phone", "telephone", "mobile", "tel", "sms", "address", "addresses", "street", "town", "postcode",
    "dob", "birth", "birthday", "age", "gender", "sex", "ethnicity", "religion", "disability", "health",
    "narrative", "note", "notes", "text", "texts", "body", "content", "contents", "comment", "comments",
    "description", "statement", "story", "reason", "message", "to", "cc", "bcc", "recipient", "recipients",
    "sender", "from", "contact", "contacts", "person", "victim", "harmed", "responsible", "offender", "relative",
    "token", "tokens", "authorization", "password", "passphrase", "secret", "secrets", "cookie", "session",
    "credential", "credentials", "key", "payload", "request", "response", "document", "file", "filename", "url",
    "uri", "link", "query", "params", "parameters", "detail", "details",
})
# fmt: on
# `document_id` or `recipient_count` says nothing of a person: ids are opaque by rule.
_IMPERSONAL_ENDINGS = frozenset({"id", "ids", "count", "code", "codes", "kind", "seconds", "ms", "bytes", "version"})
_WORD = re.compile(r"[a-z0-9]+")
_SCALARS = (str, int, float, bool, type(None))
_CHARACTERS_MAX = 500
_FRAMES_MAX = 8
_CAUSES_MAX = 4
# Ready-made sentences of these carry no data; of any other library only the template of a message is shown.
_PLAIN_SPOKEN = ("services", "workflows", "deploy", "uvicorn.error", "temporalio.workflow")


def configure_logging(process: str, log_format: str, stream: TextIO | None = None) -> None:
    """Send every log line of this process, libraries' included, to `stream` (standard output) in one format.

    `log_format` is `json` or `console`. Libraries are heard from WARNING on, ourselves and uvicorn from INFO on.
    """
    stream = stream or sys.stdout
    renderer: Processor = structlog.processors.JSONRenderer()
    if log_format == "console":
        renderer = structlog.dev.ConsoleRenderer(colors=stream.isatty())

    def add_process(_logger: object, _method: str, event: EventDict) -> EventDict:
        event["process"] = process
        trace_id, span_id = trace_ids()
        if trace_id:
            event["trace_id"], event["span_id"] = trace_id, span_id
        return event

    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _locate_error,
            _withhold,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            add_process,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[_LibraryHandler()], level=logging.WARNING, force=True)
    for own in _PLAIN_SPOKEN:
        logging.getLogger(own).setLevel(logging.INFO)
    # uvicorn writes each request's whole address, which may hold a single-use link.
    logging.getLogger("uvicorn.access").disabled = True


def get_logger(name: str) -> FilteringBoundLogger:
    """Answer the logger of one of our modules: `get_logger(__name__).info("event_word", case_ref=..., count=...)`."""
    return cast(FilteringBoundLogger, structlog.get_logger(module=name))


class _LibraryHandler(logging.Handler):
    """Hands the lines of standard-library loggers to structlog, without what was put into their messages."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            fields: dict[str, object] = {"at": f"{record.module}:{record.lineno}:{record.funcName}"}
            if record.exc_info and record.exc_info[1] is not None:
                fields["exc_info"] = record.exc_info[1]
            get_logger(record.name).log(record.levelno, _library_event(record), **fields)
        except Exception:  # the standard library's way: a line that fails must not end the work
            self.handleError(record)


def _library_event(record: logging.LogRecord) -> str:
    """Answer what a line of a library says: its template, never the values; a ready-made text only if it is known."""
    template = record.msg if isinstance(record.msg, str) else WITHHELD
    if record.name.startswith(_PLAIN_SPOKEN) or record.args:
        return template
    return WITHHELD


def _locate_error(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its type, the types behind it and the code locations it passed."""
    given = event.pop("exc_info", None)
    if not given:
        return event
    if given is True:
        given = sys.exc_info()[1]
    elif isinstance(given, tuple):
        given = given[1]
    if isinstance(given, BaseException):
        event["error"] = type(given).__qualname__
        event["error_at"] = _locations(given)
        causes = _causes(given)
        if causes:
            event["error_causes"] = " < ".join(f"{type(cause).__qualname__} {_locations(cause)}" for cause in causes)
    return event


def _locations(error: BaseException) -> str:
    """List the innermost frames, latest first, as module:line:function."""
    places = []
    step = error.__traceback__
    while step is not None:
        frame = step.tb_frame
        places.append(f"{frame.f_globals.get('__name__', '?')}:{step.tb_lineno}:{frame.f_code.co_name}")
        step = step.tb_next
    return " < ".join(reversed(places[-_FRAMES_MAX:]))


def _causes(error: BaseException) -> list[BaseException]:
    causes: list[BaseException] = []
    cause = error.__cause__ or error.__context__
    while cause is not None and len(causes) < _CAUSES_MAX and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    return causes


def _withhold(_logger: object, _method: str, event: EventDict) -> EventDict:
    for key, value in event.items():
        if _is_personal(key) or not isinstance(value, _SCALARS):
            event[key] = WITHHELD
        elif isinstance(value, str):
            if "@" in value:
                event[key] = WITHHELD
            elif len(value) > _CHARACTERS_MAX and not key.startswith("error_"):
                event[key] = value[:_CHARACTERS_MAX] + "..."
    return event


@lru_cache(maxsize=1024)
def _is_personal(key: str) -> bool:
    """Say whether any word of a key (`victim_email`, `safe-address`) is on the list and the key is no id or measure."""
    words = _WORD.findall(key.lower())
    return not _PERSONAL.isdisjoint(words) and words[-1] not in _IMPERSONAL_ENDINGS
