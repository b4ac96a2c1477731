"""Keeps the messages in one SQLite file; nothing is ever changed or deleted."""

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

from deploy.local.outbox.message import KeptMessage, Message

_SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL,
    channel TEXT NOT NULL,
    recipient TEXT NOT NULL,
    sender_name TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    language TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS messages_recipient ON messages (recipient, sequence);
"""
_SELECT = "SELECT sequence, id, channel, recipient, sender_name, subject, body, language, at FROM messages"


class MessageIdTakenError(Exception):
    """Another message was handed over under the same id."""


class MessageStore:
    """The messages; safe to use from several threads, blocking while it reads or writes."""

    def __init__(self, folder: Path) -> None:
        """Open or make the file in the folder, readable by its owner alone: it holds addresses."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = folder / "outbox.sqlite"
        file.touch(mode=0o600)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(file, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.executescript(_SCHEMA)

    def keep(self, message: Message) -> tuple[str, bool]:
        """The receipt and whether the message is new; raises MessageIdTakenError when the id has other content."""
        values = (
            message.id,
            message.digest(),
            message.channel,
            message.to,
            message.sender_name,
            message.subject,
            message.body,
            message.language,
            message.at.isoformat(),
        )
        with self._lock, self._connection:
            cursor = self._connection.execute(
                "INSERT INTO messages (id, digest, channel, recipient, sender_name, subject, body, language, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                values,
            )
            is_new = cursor.rowcount == 1
            found = self._connection.execute("SELECT sequence, digest FROM messages WHERE id = ?", (message.id,))
            sequence, digest = found.fetchone()
        if digest != message.digest():
            raise MessageIdTakenError
        return _provider_id(sequence), is_new

    def after(self, sequence: int, recipient: str, limit: int) -> Sequence[KeptMessage]:
        """Up to `limit` messages that came after a sequence number, oldest first; recipient "" means any."""
        return self._select("sequence > ?", "ASC", sequence, recipient, limit)

    def before(self, sequence: int, recipient: str, limit: int) -> Sequence[KeptMessage]:
        """Up to `limit` messages that came before a sequence number, newest first; recipient "" means any."""
        return self._select("sequence < ?", "DESC", sequence, recipient, limit)

    def find(self, message_id: str) -> KeptMessage | None:
        """The message of this id, if there is one."""
        with self._lock:
            row = self._connection.execute(f"{_SELECT} WHERE id = ?", (message_id,)).fetchone()
        return _kept(row) if row else None

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def _select(self, condition: str, order: str, sequence: int, recipient: str, limit: int) -> Sequence[KeptMessage]:
        where, values = (
            (f"{condition} AND recipient = ?", [sequence, recipient]) if recipient else (condition, [sequence])
        )
        query = f"{_SELECT} WHERE {where} ORDER BY sequence {order} LIMIT ?"
        with self._lock:
            rows = self._connection.execute(query, [*values, limit]).fetchall()
        return [_kept(row) for row in rows]


def _provider_id(sequence: int) -> str:
    return f"outbox-{sequence:08}"


def _kept(row: tuple[int, str, str, str, str, str, str, str, str]) -> KeptMessage:
    return KeptMessage(row[0], _provider_id(row[0]), *row[1:])
