"""Who and what the names in a journey stand for in one run: staff, people, processes, items and follow-up points."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from deploy.local.demo.journey import Journey, Person
from deploy.local.demo.times import is_moment, moment_of

_ID_ENDINGS = ("_id", "_ids")


class Cast:
    """The ids behind a journey's names; e-mail addresses are made the run's own, so that people are fresh."""

    def __init__(self, journey: Journey, run: str) -> None:
        self._run = run
        self._ids: dict[str, str] = dict(journey.staff)
        self._points: dict[str, str] = {}
        self.now = datetime.min.replace(tzinfo=UTC)

    def learn(self, names: Sequence[str], ids: Sequence[str]) -> None:
        """Give ids to names, one to one; raises ValueError when there are not as many of both."""
        self._ids |= dict(zip(names, ids, strict=True))

    def learn_points(self, view: Mapping[str, Any]) -> None:
        """Remember the newest follow-up point of each kind and person."""
        names = {person_id: name for name, person_id in self._ids.items()}
        for point in view["points"]:
            self._points[f"{point['kind']} of {names.get(point['person_id'], '')}"] = point["point_id"]

    def id_of(self, name: str) -> str:
        """The id behind a name, or the text itself when it is no name of ours."""
        return self._ids.get(name) or self._points.get(name) or name

    def name_of(self, wanted_id: str) -> str:
        """The journey's name for an id, or the id."""
        return next((name for name, known in self._ids.items() if known == wanted_id), wanted_id)

    def address(self, written: str) -> str:
        """An address of this run: e-mail gets the run's mark before the @."""
        name, at, host = written.partition("@")
        return f"{name}.{self._run}@{host}" if at else written

    def fields(self, written: Mapping[str, Any]) -> dict[str, Any]:
        """A step's fields as the API takes them: names become ids, days become dates."""
        return {key: self._value(key, value) for key, value in written.items()}

    def person(self, person: Person) -> dict[str, Any]:
        """A person of a referral as the API takes them."""
        form = person.model_dump(mode="json", exclude={"contact"}, exclude_defaults=True)
        form |= {"role": person.role.value, "may_be_contacted": person.may_be_contacted.value}
        form |= {"knows_of_referral": person.knows_of_referral.value, "age_band": person.age_band.value}
        contact = [rule.model_dump(mode="json", exclude_unset=True) for rule in person.contact]
        return form | {"contact": [self.fields(rule) for rule in contact]}

    def _value(self, key: str, value: Any) -> Any:
        if isinstance(value, Mapping):
            return self.fields(value)
        if isinstance(value, list | tuple):
            return [self._value(key, one) for one in value]
        if isinstance(value, str):
            if key.endswith(_ID_ENDINGS):
                return self.id_of(value)
            if key == "address":
                return self.address(value)
            if is_moment(value):
                return moment_of(value, self.now)
        return value
