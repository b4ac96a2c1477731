"""What makes two intentions the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.notifications.domain.intention import Intention

INTENTION = Intention(
    intention_id="case-1:7:1",
    case_id="case-1",
    person_id="person-1",
    template="exit_notice",
    at=datetime(2026, 4, 1, tzinfo=UTC),
    parameters={"a": "1", "b": "2"},
)


def test_asking_later_or_in_another_order_is_the_same() -> None:
    later = replace(INTENTION, at=INTENTION.at + timedelta(days=3), parameters={"b": "2", "a": "1"})
    assert later.digest() == INTENTION.digest()
    assert later.message_id() == INTENTION.message_id()


def test_any_other_content_is_another() -> None:
    changes: tuple[dict[str, object], ...] = (
        {"case_id": "case-2"},
        {"person_id": "person-2"},
        {"template": "referral_received"},
        {"parameters": {"a": "1"}},
        {"parameters": {"a": "1", "b": "3"}},
        {"point_id": "point-1"},
    )
    digests = {replace(INTENTION, **change).digest() for change in changes}  # type: ignore[arg-type]  # each a field
    assert len(digests | {INTENTION.digest()}) == len(changes) + 1


def test_the_message_id_says_nothing_of_the_case() -> None:
    assert "case" not in INTENTION.message_id()
