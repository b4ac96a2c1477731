"""Words that occur nowhere else, planted in every personal field and text of a journey, and looked for afterwards."""

from __future__ import annotations

import base64
import dataclasses
import itertools
import secrets
from collections.abc import Iterable, Iterator, Mapping
from typing import get_args, get_type_hints

from deploy.local.demo.journey import ANSWER_LINK, OPENINGS, SELF_REFER, Act, Journey, Person
from workflows.contracts.steps import STEPS

_LETTERS = "bcdfghjklmnpqrstvwxz"  # no vowels: no word of any language
_MARK_LETTERS = 14
_TEXT_ENDING = "_note_id"
# No phone number can begin with letters, so it is looked for as it is.
BORN = "1937-08-19"


def new_mark() -> str:
    """Letters that occur nowhere else, with which every canary of a run begins."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_MARK_LETTERS))


class Canaries:
    """Makes canaries that all begin with one mark, and remembers where each was planted."""

    def __init__(self) -> None:
        """Begin with a mark of our own."""
        self.mark = new_mark()
        self.planted: dict[str, str] = {}
        self.refused: set[str] = set()
        self._numbers = itertools.count(1)
        self._addresses: dict[str, str] = {}

    def new(self, place: str) -> str:
        """A canary for a place."""
        number = next(self._numbers)
        canary = self.mark + "".join(_LETTERS[number // 20**power % 20] for power in (2, 1, 0))
        self.planted[canary] = place
        return canary

    def journey(self, name: str, journey: Journey) -> Journey:
        """The journey with a canary in every field in which words or personal details can stand."""
        # Whoever refers themselves describes only themselves; of the other they give a name, which is a field.
        described = [act.by for act in journey.acts() if act.does == SELF_REFER] or list(journey.people)
        planted = {alias: self._person(f"{name}.{alias}", journey.people[alias]) for alias in described}
        people = {**journey.people, **planted}
        steps = [
            self._act(f"{name}.{number}", step) if isinstance(step, Act) else step
            for number, step in enumerate(journey.steps, 1)
        ]
        return journey.model_copy(update={"people": people, "steps": tuple(steps)})

    def address(self, written: str) -> str:
        """An address in place of another, the same each time; a phone number stays and is looked for as it is."""
        if "@" not in written:
            self.planted[written] = "phone number"
            return written
        if written not in self._addresses:
            self._addresses[written] = f"{self.new('e-mail address')}@example.org"
        return self._addresses[written]

    def _person(self, place: str, person: Person) -> Person:
        rules = tuple(rule.model_copy(update={"address": self.address(rule.address)}) for rule in person.contact)
        self.planted[BORN] = "date of birth"
        words = {"name": self.new(f"{place}.name"), "needs": self.new(f"{place}.needs"), "date_of_birth": BORN}
        return person.model_copy(update={**words, "contact": rules})

    def _act(self, place: str, act: Act) -> Act:
        fields = dict(act.fields)
        for text in _texts_of(act):
            fields[text] = self.new(f"{place}.{act.does}.{text}")
        if "items" in fields:
            fields["items"] = [
                {**item, "wording_note": self.new(f"{place}.items.{number}")}
                for number, item in enumerate(fields["items"])
            ]
        if "address" in fields:
            fields["address"] = self.address(fields["address"])
        if act.refused is not None:
            self.refused |= {value for value in fields.values() if isinstance(value, str) and self.mark in value}
        return act.model_copy(update={"fields": fields})


def _texts_of(act: Act) -> Iterator[str]:
    """The names of all fields of an act in which words can stand, whether the story used them or not."""
    if act.does in OPENINGS:
        yield "narrative"
        yield "agency_reference" if act.does == "refer" else "other_person_name"
    elif act.does == ANSWER_LINK:
        if "declined" not in act.fields:
            yield "comment"
    elif act.does in STEPS:
        for field in dataclasses.fields(STEPS[act.does]):
            if field.name.endswith(_TEXT_ENDING):
                yield field.name.removesuffix("_id")


def has_unplanted_text(journey: Journey) -> list[str]:
    """Lists of steps that hold texts we do not know how to plant: a new kind of text must be planted too."""
    return [
        f"{kind}.{name}"
        for kind in {act.does for act in journey.acts()} & STEPS.keys()
        for name, hint in get_type_hints(STEPS[kind]).items()
        for entry in get_args(hint)[:1]
        if isinstance(entry, type) and dataclasses.is_dataclass(entry) and name not in ("items", "parties")
        if any(field.name.endswith(_TEXT_ENDING) for field in dataclasses.fields(entry))
    ]


def forms_of(word: str) -> dict[str, bytes]:
    """Every way in which a word may be written down that we look for; text forms are in lower case."""
    plain = word.lower().encode()
    forms = {"text": plain, "hex": plain.hex().encode()}
    if " " in word:
        forms |= {"without spaces": plain.replace(b" ", b""), "percent-encoded": plain.replace(b" ", b"%20")}
    for name in ("utf-16-le", "utf-16-be"):
        forms[name] = word.lower().encode(name)
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + word.encode())
        # Cut what the neighbours of the word in the coded text decide.
        stable = coded[(0, 2, 3)[before] : len(coded.rstrip(b"=")) - (1 if (before + len(word)) % 3 else 0)]
        forms[f"base64+{before}"] = stable
        forms[f"base64url+{before}"] = stable.replace(b"+", b"-").replace(b"/", b"_")
    return forms


def found_in(content: bytes, words: Iterable[str]) -> list[str]:
    """Every word and form that occurs in the content, as `word (form)`."""
    lowered = content.lower()
    return [
        f"{word} ({form})"
        for word in words
        for form, pattern in forms_of(word).items()
        if pattern in (content if form.startswith("base64") else lowered)
    ]


def searched_words(canaries: Canaries, others: Iterable[str]) -> list[str]:
    """What to look for: the mark with which every canary begins, and what could not begin with it."""
    unmarked = [word for word in canaries.planted if canaries.mark not in word]
    return [canaries.mark, *unmarked, *others]


def unmarked_places(planted: Mapping[str, str], mark: str) -> set[str]:
    """The places whose canary does not begin with the mark."""
    return {place for word, place in planted.items() if not word.startswith(mark)}
