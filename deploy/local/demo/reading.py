"""Reads journeys from their files and says plainly what is wrong with one: which file, which step, what is allowed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from deploy.local.demo.cast import Cast
from deploy.local.demo.journey import ANSWER_LINK, OPENINGS, SET_CONTACT, Act, Journey
from deploy.local.demo.step_fields import fault_of

JOURNEYS_FOLDER = Path(__file__).parent / "journeys"
_ANY_TIME = datetime(2026, 6, 1, 10, tzinfo=UTC)


class JourneyError(Exception):
    """A journey cannot be played as written; the text names its file and every fault."""


class _StrictLoader(yaml.SafeLoader):
    """YAML's safe loader, which otherwise lets the second of two same names win without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping whose names are all different; raises YAMLError."""
        names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode) and key.value != "<<"]
        twice = next((name for name in names if names.count(name) > 1), None)
        merged = any(key.tag == "tag:yaml.org,2002:merge" for key, _ in node.value)
        if twice is not None and not merged:
            raise yaml.MarkedYAMLError(problem=f"`{twice}` is written twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep)


def journey_files(folder: Path = JOURNEYS_FOLDER) -> dict[str, Path]:
    """Every journey's name and file, in order of name; a journey is named as its file, without the number before it."""
    return {path.stem.lstrip("0123456789_"): path for path in sorted(folder.glob("*.yaml"))}


def read_journey(file: Path) -> Journey:
    """The journey in a file; raises JourneyError."""
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), _StrictLoader)  # noqa: S506  # it is a safe loader
        journey = Journey.model_validate(content)
    except yaml.YAMLError as error:
        raise JourneyError(f"{file.name} is not YAML: {error}") from error
    except ValidationError as error:
        faults = "; ".join(_shown(one["loc"], one["msg"]) for one in error.errors(include_input=False))
        raise JourneyError(f"{file.name}: {faults}") from error
    faults = "; ".join(field_faults(journey))
    if faults:
        raise JourneyError(f"{file.name}: {faults}")
    return journey


def field_faults(journey: Journey) -> Iterator[str]:
    """Every step whose fields are not those of the contracts, with made-up ids in place of names."""
    cast = Cast(journey, "check")
    cast.now = _ANY_TIME
    cast.learn(list(journey.people), [f"person-{name}" for name in journey.people])
    created = [name for act in journey.acts() for name in act.creates]
    cast.learn(created, [f"id-{name}" for name in created])
    for number, step in enumerate(journey.steps, 1):
        if isinstance(step, Act) and step.does not in (*OPENINGS, SET_CONTACT, ANSWER_LINK):
            for fields in repeated(step):
                fault = fault_of(step.does, cast.fields(fields))
                if fault:
                    yield f"step {number}: {fault}"
                    break


def repeated(act: Act) -> list[dict[str, object]]:
    """The fields of each time an act is done: once, or once for each person."""
    if not act.each:
        return [act.fields]
    return [{"person_id": alias, **act.fields} for alias in act.each]


def _shown(location: tuple[int | str, ...], message: str) -> str:
    """`steps.3.act.does: ...` with steps counted from 1, as a reader counts."""
    parts = [str(part + 1) if isinstance(part, int) else part for part in location]
    message = message.removeprefix("Value error, ")
    return f"{' '.join(parts)}: {message}" if parts else message
