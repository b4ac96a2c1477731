"""A journey that cannot be played is refused before anything runs, with its file, its step and what is allowed."""

from pathlib import Path

import pytest
import yaml

from deploy.local.demo.reading import JourneyError, journey_files, read_journey

JOURNEY = """
title: A story
source: A page that says so.
staff: {officer: S111, coordinator: S101}
people:
  ada: {name: Ada Invented, role: harmed, contact: [{channel: email, address: ada@example.org}]}
  bob: {name: Bob Madeup, role: responsible}
watched_by: coordinator
steps:
  - {as: officer, does: refer, with: {channel: online}}
  - {as: coordinator, does: assess_risk, each: [ada, bob], with: {moment: screening, level: low}}
  - {wait: 3 days}
  - {expect: {stage: screening}}
ends: {reason: declined, side: harmed, counts: {case_closed: 1}, messages: {ada: 0}}
"""


def refusal(tmp_path: Path, old: str, new: str) -> str:
    """The sentence with which the journey, changed in one place, is refused."""
    assert old in JOURNEY
    file = tmp_path / "story.yaml"
    file.write_text(JOURNEY.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(JourneyError) as refused:
        read_journey(file)
    assert str(refused.value).startswith("story.yaml")
    return str(refused.value)


def test_the_journey_itself_is_read(tmp_path: Path) -> None:
    file = tmp_path / "story.yaml"
    file.write_text(JOURNEY, encoding="utf-8")
    assert [type(step).__name__ for step in read_journey(file).steps] == ["Act", "Act", "Wait", "Look"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title: A story", "titel: A story", "titel: Extra inputs are not permitted"),
        ("title: A story", "title: A story\ntitle: Another", "`title` is written twice"),
        ("does: assess_risk", "does: asses_risk", "`asses_risk` is no step or action"),
        ("moment: screening", "moment: breakfast", "step 2: `assess_risk`: moment: Input should be"),
        ("level: low}", "level: low, mood: high}", "step 2: `assess_risk` has no `mood`"),
        ("moment: screening, ", "", "step 2: `assess_risk`: moment: Field required"),
        ("level: low}", "level: low, assessment_note_id: n}", "step 2: `assess_risk` has no `assessment_note_id`"),
        ("each: [ada, bob]", "each: [ada, eve]", "step 2: `eve` is nobody of the case"),
        ("as: coordinator, does", "as: judge, does", "step 2: `judge` is nobody of staff"),
        ("{wait: 3 days}", "{wait: three days}", "such as `14 days`"),
        ("{wait: 3 days}", "{wait: 3 days, expect: {}}", "steps 3: a step has exactly one of"),
        ("stage: screening}", "stage: sceening}", "Input should be"),
        ("does: refer,", "does: set_contact,", "the first step, and no other, is `refer` or `self_refer`"),
        ("ada@example.org", "ada@example.com", "String should match pattern"),
        ("officer: S111", "officer: Rowan", "String should match pattern"),
        ("messages: {ada: 0}", "messages: {eve: 0}", "`eve` is nobody of the case"),
        ("watched_by: coordinator", "watched_by: nobody_here", "`nobody_here` is nobody of staff"),
        ("role: harmed", "role: [", "is not YAML"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in refusal(tmp_path, old, new)


def test_every_journey_is_read_and_each_story_is_told_from_a_source() -> None:
    files = journey_files()
    assert len(files) >= 7
    for name, file in files.items():
        journey = read_journey(file)
        assert journey.source, name
        assert len(journey.title) < 90, name


def test_journeys_show_what_they_are_for() -> None:
    """Between them the stories wait for months, are refused, answer links, and look at who sees what."""
    texts = {name: file.read_text(encoding="utf-8") for name, file in journey_files().items()}
    parsed = {name: yaml.safe_load(text) for name, text in texts.items()}
    acts = [step for journey in parsed.values() for step in journey["steps"] if "as" in step]
    for wanted in ("refer", "self_refer", "set_contact", "answer_link", "withdraw", "resume", "release_exchange"):
        assert any(act["does"] == wanted for act in acts), wanted
    assert sum("refused" in act for act in acts) >= 15
    assert any("sees" in step.get("expect", {}) for journey in parsed.values() for step in journey["steps"])
