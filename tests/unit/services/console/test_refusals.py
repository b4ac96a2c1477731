"""The core's own refusals as the console shows them: about whom, what is missing, who can supply it."""

from __future__ import annotations

from services.console.form.reading import errors_of
from services.console.form.showing import show_form
from services.console.words import OWN_LISTS
from services.runtime.refusal import Refusal
from workflows.case.core.refusals import about, refusal

NAMES = {"id-a": "Ada Fictional", "id-b": "Bo Fictional"}


def _summary(*person_ids: str) -> list[str]:
    refused = [refusal("risk_missing", about("person_id", one)) for one in person_ids]
    passed_on = [Refusal(one.code, one.sentence, one.field, one.who) for one in refused]
    errors = errors_of(passed_on, frozenset({"person_id"}))
    assert {error.element for error in errors} == {"person_id"}
    shown = show_form([], {}, {}, errors, who_words=OWN_LISTS["Who"], names=NAMES)
    return [line["text"] for line in shown.errors]


def test_a_refusal_about_two_people_names_each_and_who_can_help() -> None:
    """Two sentences that read the same would tell nobody what to do."""
    assert _summary("id-a", "id-b") == [
        "Ada Fictional: This person's risk has not been assessed. It is for the facilitator.",
        "Bo Fictional: This person's risk has not been assessed. It is for the facilitator.",
    ]


def test_an_unknown_id_is_not_shown() -> None:
    """What the page has no name for stays out of it."""
    assert _summary("id-c") == ["This person's risk has not been assessed. It is for the facilitator."]
