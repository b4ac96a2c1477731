"""Compares what a journey expects with what is so, and says every difference in words."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.local.demo.cast import Cast
from deploy.local.demo.journey import Ending, Expectation
from deploy.local.demo.world import Letter


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything that can be looked at: the watcher's view, the ledger, each person's messages, who sees what."""

    view: Mapping[str, Any]
    timeline: Sequence[Mapping[str, Any]]
    letters: Mapping[str, Sequence[Letter]]
    sees: Mapping[str, str]

    def kinds(self) -> Counter[str]:
        """How often each kind of ledger entry was written."""
        return Counter(str(entry["kind"]) for entry in self.timeline)


def differences(expected: Expectation, sight: Sight, cast: Cast) -> Iterator[str]:
    """Every expectation that does not hold, as `expected ..., found ...`."""
    yield from _of_case(expected, sight)
    yield from _of_people(expected, sight, cast)
    yield from _of_messages(expected, sight)
    for name, wanted in expected.sees.items():
        if sight.sees[name] != wanted:
            yield f"expected {name} to see {wanted}, they see {sight.sees[name]}"


def ending_differences(ending: Ending, sight: Sight) -> Iterator[str]:
    """Every way in which the case did not end as its story says."""
    view, kinds = sight.view, sight.kinds()
    if view["stage"] != "closed":
        yield f"expected the case closed, it is {view['stage']}"
    for name, wanted in (("closed_reason", ending.reason.value), ("closed_side", ending.side.value)):
        if view[name] != wanted:
            yield f"expected {name} {wanted}, found {view[name] or 'none'}"
    for kind, count in ending.counts.items():
        if kinds[kind] != count:
            yield f"expected {count} x {kind} in the ledger, found {kinds[kind]}"
    for name, count in ending.messages.items():
        if len(sight.letters[name]) != count:
            yield f"expected {count} messages to {name}, found {len(sight.letters[name])}"
    numbers = [entry["sequence"] for entry in sight.timeline]
    if numbers != list(range(1, len(numbers) + 1)) or len(numbers) != view["sequence"]:
        yield f"expected ledger entries 1 to {view['sequence']} each once, found {len(numbers)}"


def _of_case(expected: Expectation, sight: Sight) -> Iterator[str]:
    view, kinds = sight.view, sight.kinds()
    if expected.stage is not None and view["stage"] != expected.stage.value:
        yield f"expected the stage {expected.stage.value}, it is {view['stage']}"
    if expected.paused is not None and bool(view["paused"]) != expected.paused:
        yield f"expected the case {'paused' if expected.paused else 'not paused'}"
    for kind in expected.happened:
        if not kinds[kind]:
            yield f"expected {kind} in the ledger"
    for kind in expected.not_happened:
        if kinds[kind]:
            yield f"expected no {kind} in the ledger, found {kinds[kind]}"
    open_tasks = sorted({task["kind"] for task in view["tasks"]})
    for kind in expected.tasks:
        if kind not in open_tasks:
            yield f"expected an open task {kind}, open are: {', '.join(open_tasks) or 'none'}"


def _of_people(expected: Expectation, sight: Sight, cast: Cast) -> Iterator[str]:
    people = {person["person_id"]: person["status"] for person in sight.view["people"]}
    for name, status in expected.people.items():
        found = people.get(cast.id_of(name), "not there")
        if found != status.value:
            yield f"expected {name} {status.value}, found {found}"
    points = {point["point_id"]: point["status"] for point in sight.view["points"]}
    for name, wanted in expected.follow_ups.items():
        found = points.get(cast.id_of(name), "not planned")
        if found != wanted.value:
            yield f"expected follow-up {name} {wanted.value}, found {found}"


def _of_messages(expected: Expectation, sight: Sight) -> Iterator[str]:
    for name, count in expected.messages.items():
        if len(sight.letters[name]) != count:
            yield f"expected {count} messages to {name}, found {len(sight.letters[name])}"
    for name, words in expected.reads.items():
        newest = sight.letters[name][-1].body if sight.letters[name] else ""
        if words.lower() not in newest.lower():
            yield f"expected the newest message to {name} to say `{words}`"
    for words in expected.never_reads:
        for name, letters in sight.letters.items():
            if any(words.lower() in f"{letter.subject} {letter.body}".lower() for letter in letters):
                yield f"expected no message to say `{words}`, one to {name} does"
