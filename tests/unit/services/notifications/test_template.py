"""Templates as they are written, and the checks a wrong one does not pass."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from services.notifications.domain.parameter import ParameterKind, is_valid, shown
from services.notifications.templates.catalogue import FOLDER, TemplatesWrong, read_catalogue
from services.runtime.refusal import Refused

CATALOGUE = read_catalogue()
FOLLOW_UPS = {"follow_up_welfare", "follow_up_questionnaire", "follow_up_outcome", "follow_up_reminder"}
PARAMETERS = {
    "appointment_confirmed": {"date": "date", "time": "time", "place_code": "code"},
    "agreement_item_outcome": {"outcome": "words"},
    **{name: {"link": "link"} for name in FOLLOW_UPS},
}


def test_the_templates_in_use() -> None:
    assert set(CATALOGUE) == FOLLOW_UPS | {
        "referral_received",
        "appointment_confirmed",
        "appointment_cancelled",
        "agreement_item_outcome",
        "exit_notice",
    }
    for template in CATALOGUE.values():
        assert dict(template.parameters) == PARAMETERS.get(template.name, {})
        assert set(template.translations) == ({"en", "ur", "pl"} if template.name in FOLLOW_UPS else {"en"})
        for language, translation in template.translations.items():
            assert translation.needs_native_review == (language != "en")


@pytest.mark.parametrize(
    ("wanted", "written"),
    [("ur", "ur"), ("ur-PK", "ur"), ("UR-pk", "ur"), ("pl", "pl"), ("cy", "en"), ("", "en"), ("en-GB", "en")],
)
def test_the_language_falls_back_to_english(wanted: str, written: str) -> None:
    assert CATALOGUE["follow_up_welfare"].language_for(wanted) == written


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_wording_is_filled_in_whole_and_the_neutral_one_is_silent(name: str) -> None:
    template = CATALOGUE[name]
    given = {"date": "2026-04-03", "time": "14:30", "place_code": "venue-3", "outcome": "not_completed"}
    for language in template.translations:
        for channel in ("email", "sms"):
            for named in (True, False):
                text = template.render(
                    channel, language, named=named, parameters=given, link="http://x.example.org/r/t"
                )
                assert "{" not in text.body
                assert bool(text.subject) == (channel == "email")
                assert ("RJ Hub" in text.body + text.sender_name) == named
                assert ("http://x.example.org/r/t" in text.body) == template.has_link


def test_codes_are_read_out_in_words() -> None:
    template = CATALOGUE["agreement_item_outcome"]

    def body(outcome: str) -> str:
        return template.render("sms", "en", named=False, parameters={"outcome": outcome}, link="").body

    assert "has not been done" in body("not_completed")
    assert "put off" in body("put_off")


@pytest.mark.parametrize(
    ("kind", "value", "valid"),
    [
        (ParameterKind.DATE, "2026-02-28", True),
        (ParameterKind.DATE, "2026-02-30", False),
        (ParameterKind.DATE, "28/02/2026", False),
        (ParameterKind.DATE, "20260228", False),
        (ParameterKind.TIME, "23:59", True),
        (ParameterKind.TIME, "24:00", False),
        (ParameterKind.TIME, "9:00", False),
        (ParameterKind.CODE, "venue-3", True),
        (ParameterKind.CODE, "Jo Example", False),
        (ParameterKind.CODE, "a@example.org", False),
        (ParameterKind.CODE, "http://example.org", False),
        (ParameterKind.WORDS, "{link}", False),
    ],
)
def test_a_parameter_has_one_form(kind: ParameterKind, value: str, valid: bool) -> None:
    assert is_valid(kind, value) == valid


def test_a_date_reads_as_the_language_writes_it() -> None:
    assert shown(ParameterKind.DATE, "2026-04-03", "en", {}) == "3 April 2026"
    assert shown(ParameterKind.DATE, "2026-04-03", "pl", {}) == "03.04.2026"


def test_every_fault_of_the_parameters_is_named_at_once() -> None:
    with pytest.raises(Refused) as caught:
        CATALOGUE["appointment_confirmed"].check_parameters({"time": "noon", "name": "x"}, "")
    assert [(one.code, one.field) for one in caught.value.refusals] == [
        ("parameter_missing", "parameters.date"),
        ("parameter_missing", "parameters.place_code"),
        ("parameter_malformed", "parameters.time"),
        ("parameter_unknown", "parameters"),
    ]


def wording(text: str = "Come on {date}", subject: str = "A message for you") -> dict[str, str]:
    return {"subject": subject, "email": text, "sms": text}


def written(**change: object) -> dict[str, object]:
    english = {"named": wording(), "neutral": wording()}
    return {
        "name": "notice",
        "version": 1,
        "purpose": "Tells",
        "audience": "Anyone",
        "reading_age_years": 9,
        "parameters": {"date": "date"},
        "languages": {"en": english},
    } | change


def english(**change: object) -> dict[str, object]:
    return {"languages": {"en": {"named": wording(), "neutral": wording()} | change}}


def test_a_template_as_it_should_be_is_read(tmp_path: Path) -> None:
    (tmp_path / "notice.yaml").write_text(yaml.safe_dump(written()))
    assert set(read_catalogue(tmp_path)) == {"notice"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (english(named=wording("Come on {day}, {date}")), "en named email: the placeholder day is not a parameter"),
        (english(named=wording("Come")), "en named sms: the placeholder date is missing"),
        (english(neutral=wording("Come on {date!r}")), "a placeholder is not written as {name}"),
        (english(neutral=wording("Come on {date:>9}")), "a placeholder is not written as {name}"),
        (english(neutral=wording("Come on {}")), "a placeholder is not written as {name}"),
        (english(neutral=wording("Come on {date.year}")), "a placeholder is not written as {name}"),
        (english(neutral=wording("Come on {date")), "a placeholder is not written as {name}"),
        (english(neutral=wording("The police say {date}")), "it names the service or the police"),
        (english(neutral=wording("Restorative Justice on {date}")), "it names the service or the police"),
        (english(neutral=wording("From RJ on {date}")), "it names the service or the police"),
        (english(words={"a": "the victim"}), "it names the service or the police"),
        (english(named=wording(subject="Your restorative meeting")), "its subject must be neutral and fixed"),
        (english(named=wording(subject="On {date}")), "its subject must be neutral and fixed"),
        (english(named=wording("x" * 400 + "{date}")), "it is longer than 400 characters"),
        (english(named=wording(" ")), "en named email: it is empty"),
        (english(other=wording()), "languages.en.other"),
        ({"version": 0}, "its version must be 1 or more"),
        ({"name": "other"}, "it is named other"),
        ({"languages": {"pl": {"named": wording(), "neutral": wording()}}}, "it must be written in English"),
        ({"parameters": {"date": "picture"}}, "parameters.date"),
        ({"purpose": ""}, "purpose"),
    ],
)
def test_a_wrong_template_stops_the_process(tmp_path: Path, change: dict[str, object], said: str) -> None:
    (tmp_path / "notice.yaml").write_text(yaml.safe_dump(written(**change)))
    with pytest.raises(TemplatesWrong) as caught:
        read_catalogue(tmp_path)
    assert "notice.yaml" in str(caught.value)
    assert said in str(caught.value)


def test_no_template_and_no_yaml_stop_the_process(tmp_path: Path) -> None:
    with pytest.raises(TemplatesWrong):
        read_catalogue(tmp_path)
    (tmp_path / "notice.yaml").write_text("a: [")
    with pytest.raises(TemplatesWrong, match="it is not YAML"):
        read_catalogue(tmp_path)


def test_every_template_file_is_read() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(CATALOGUE)
