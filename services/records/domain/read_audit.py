"""What the audit says was read."""

from __future__ import annotations

from enum import StrEnum


class ReadKind(StrEnum):
    """The sort of personal data a read gave out."""

    CASE_RECORD = "case_record"
    SAFE_CONTACT = "safe_contact"
