"""Plays one journey in a world, step by step, and stops at the first thing that is not as its story says."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from deploy.local.demo.cast import Cast
from deploy.local.demo.journey import (
    ANSWER_LINK,
    OPENINGS,
    SELF_REFER,
    SET_CONTACT,
    Act,
    Expectation,
    Journey,
    Look,
    Step,
    Wait,
)
from deploy.local.demo.looking import Sight, differences, ending_differences
from deploy.local.demo.reading import repeated
from deploy.local.demo.times import duration_of
from deploy.local.demo.world import Letter, Problem, World

# What a self-referral asks of whoever refers themselves.
_OWN_FIELDS = frozenset({"name", "language", "interpreter_needed", "needs", "age_band", "contact"})


class JourneyFailed(Exception):
    """A journey went another way than its story; the text says where, `trace_id` finds the request if there was one."""

    def __init__(self, place: str, reason: str, trace_id: str = "") -> None:
        super().__init__(f"{place}: {reason}")
        self.trace_id = trace_id


class Story(Protocol):
    """Who listens while a journey is played."""

    def opened(self, case_id: str) -> None:
        """The case has begun."""

    def did(self, at: datetime, act: Act, about: str, result: str) -> None:
        """Someone did something about a person ("" for the case); `result` is the stage after it, or why it was not."""

    def waited(self, until: datetime, step: Wait, happened: list[Mapping[str, Any]]) -> None:
        """Time passed, and these ledger entries came of it by themselves."""

    def looked(self, step: Look) -> None:
        """What was expected is so."""


class Player:
    """Plays journeys; `run` makes this run's people and requests its own."""

    def __init__(self, world: World, run: str) -> None:
        self._world = world
        self._run = run

    async def play(self, name: str, journey: Journey, story: Story) -> str:
        """Play to the end and answer the case id; raises JourneyFailed."""
        return await _Performance(self._world, self._run, name, journey, story).play()


class _Performance:
    """One journey being played."""

    def __init__(self, world: World, run: str, name: str, journey: Journey, story: Story) -> None:
        self._world = world
        self._journey = journey
        self._story = story
        self._key = f"demo-{run}-{name}"
        self._cast = Cast(journey, run)
        self._watcher = journey.staff[journey.watched_by]
        self._addresses = {
            name: {self._cast.address(rule.address) for rule in person.contact}
            for name, person in journey.people.items()
        }
        self._case_id = ""
        self._told = 0  # sequence of the last ledger entry the story knows of

    async def play(self) -> str:
        for number, step in enumerate(self._journey.steps, 1):
            place = f"step {number}"
            try:
                match step:
                    case Act():
                        await self._act(number, step)
                    case Wait():
                        await self._wait(step)
                    case Look():
                        await self._look(place, step)
            except Problem as problem:
                raise _failed(place, _what(step), problem) from problem
        try:
            await self._world.settle(self._watcher, self._case_id)
            sight = await self._sight(Expectation())
        except Problem as problem:
            raise _failed("ending", "looking", problem) from problem
        _refuse_differences("ending", list(ending_differences(self._journey.ends, sight)))
        return self._case_id

    async def _act(self, number: int, act: Act) -> None:
        for turn, fields in enumerate(repeated(act), 1):
            key, about = f"{self._key}-{number}-{turn}", str(fields.get("person_id", ""))
            try:
                result = await self._do(act, fields, key)
            except Problem as problem:
                if act.refused is None or act.refused not in problem.codes:
                    raise
                self._story.did(self._cast.now, act, about, f"refused: {act.refused}")
                continue
            if act.refused is not None:
                raise JourneyFailed(f"step {number}", f"{act.does} should have been refused with {act.refused}")
            self._story.did(self._cast.now, act, about, result)

    async def _do(self, act: Act, fields: Mapping[str, Any], key: str) -> str:
        """Do it once; answers what came of it in a word."""
        if act.does in OPENINGS:
            await self._open(act, key)
            return "received"
        if act.does == ANSWER_LINK:
            await self._world.answer_link(await self._linked_letter(act.by), self._cast.fields(fields))
            return "answered"
        staff_id, written = self._journey.staff[act.by], self._cast.fields(fields)
        if act.does == SET_CONTACT:
            person_id, channel = written.pop("person_id"), written.pop("channel")
            self._addresses[self._cast.name_of(person_id)].add(written["address"])
            await self._world.set_contact(staff_id, self._case_id, person_id, channel, written)
            return "noted"
        taken = await self._world.take_step(staff_id, self._case_id, act.does, written, key)
        self._cast.now = taken.at
        if act.creates:
            self._cast.learn(act.creates, taken.created)
        return taken.stage

    async def _open(self, act: Act, key: str) -> None:
        people = self._journey.people
        self._cast.now = self._world.now()
        written = self._cast.fields(act.fields)
        if act.does == SELF_REFER:
            speaker = self._cast.person(people[act.by])
            form = {name: value for name, value in speaker.items() if name in _OWN_FIELDS} | written
            opened = await self._world.self_refer(form, key, self._watcher)
            names = [act.by, *(name for name in people if name != act.by)]
        else:
            named = [self._cast.person(person) for person in people.values()]
            form = {**written, "people": named}
            opened = await self._world.refer(self._journey.staff[act.by], form, key)
            names = list(people)
        self._case_id = opened.case_id
        self._cast.learn(names, opened.person_ids)
        self._story.opened(self._case_id)

    async def _linked_letter(self, name: str) -> Letter:
        """The person's newest message that holds a link."""
        linked = [letter for letter in await self._letters(name) if "http" in letter.body]
        if not linked:
            raise JourneyFailed("link", f"no message to {name} holds a link")
        return linked[-1]

    async def _wait(self, step: Wait) -> None:
        await self._world.settle(self._watcher, self._case_id)
        self._told = len(await self._world.timeline(self._watcher, self._case_id))
        await self._world.pass_time(self._case_id, duration_of(step.wait))
        self._cast.now += duration_of(step.wait)
        await self._world.settle(self._watcher, self._case_id)
        await self._renew()
        timeline = await self._world.timeline(self._watcher, self._case_id)
        self._story.waited(self._cast.now, step, [entry for entry in timeline if entry["sequence"] > self._told])

    async def _look(self, place: str, step: Look) -> None:
        await self._world.settle(self._watcher, self._case_id)
        await self._renew()
        sight = await self._sight(step.expect)
        _refuse_differences(place, list(differences(step.expect, sight, self._cast)))
        self._story.looked(step)

    async def _renew(self) -> None:
        """Learn the case's own time and its follow-up points."""
        view = await self._watched_view()
        # A case that has not been touched since says when it last was; what we let pass counts too.
        seen = datetime.fromisoformat(str(view["now"]).replace("Z", "+00:00"))
        self._cast.now = max(seen, self._cast.now)
        self._cast.learn_points(view)

    async def _watched_view(self) -> dict[str, Any]:
        view = await self._world.view(self._watcher, self._case_id)
        if view is None:
            raise JourneyFailed("looking", f"{self._journey.watched_by} cannot see the case")
        return view

    async def _sight(self, expected: Expectation) -> Sight:
        return Sight(
            view=await self._watched_view(),
            timeline=await self._world.timeline(self._watcher, self._case_id),
            letters={name: await self._letters(name) for name in self._journey.people},
            sees={name: await self._seen_by(self._journey.staff[name]) for name in expected.sees},
        )

    async def _letters(self, name: str) -> list[Letter]:
        return [letter for address in sorted(self._addresses[name]) for letter in await self._world.letters(address)]

    async def _seen_by(self, staff_id: str) -> str:
        view = await self._world.view(staff_id, self._case_id)
        if view is None:
            return "nothing"
        return "outline" if view["coarse"] else "everything"


def _what(step: Step) -> str:
    match step:
        case Act(does=does):
            return does
        case Wait():
            return "waiting"
        case Look():
            return "looking"


def _failed(place: str, what: str, problem: Problem) -> JourneyFailed:
    status = f"{problem.status} " if problem.status else ""
    reason = f"{what} was refused with {status}{', '.join(problem.codes)}: {problem.sentence}"
    return JourneyFailed(place, reason, problem.trace_id)


def _refuse_differences(place: str, found: list[str]) -> None:
    if found:
        raise JourneyFailed(place, "; ".join(found))
