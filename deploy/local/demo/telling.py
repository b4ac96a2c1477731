"""Tells journeys on the terminal as they happen; plain text when nobody looks at a terminal."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from deploy.local.demo.journey import Act, Journey, Look, Wait
from deploy.local.demo.player import JourneyFailed
from deploy.local.demo.system import RunningSystem
from deploy.local.demo.times import SERVICE_ZONE

_INDENT = 2
_QUIET_KINDS = frozenset({"activity_lapsed"})


class Teller:
    """One journey's story; `quiet` tells only how it ended."""

    def __init__(
        self, console: Console, system: RunningSystem, journey: Journey, staff: Mapping[str, str], *, quiet: bool
    ) -> None:
        """`staff` gives each member of staff's display name by id."""
        self._console = console
        self._system = system
        self._journey = journey
        self._staff = staff
        self._quiet = quiet
        self.case_id = ""

    def begin(self, number: int, of: int) -> None:
        """Say what the story is and where it comes from."""
        if self._quiet:
            return
        self._console.print()
        self._console.rule(f"[bold]{number}/{of}  {escape(self._journey.title)}", align="left")
        self._wrapped(f"[dim]{escape(self._journey.source)}")

    def opened(self, case_id: str) -> None:
        """See `Story`."""
        self.case_id = case_id
        if not self._quiet:
            self._console.print()
            self._links()
            self._console.print()

    def did(self, at: datetime, act: Act, about: str, result: str) -> None:
        """See `Story`."""
        name = self._name(act.by)
        what = act.does.replace("_", " ") + (f" ({self._name(about)})" if about else "")
        colour = "yellow" if result.startswith("refused") else "green"
        self._line(f"[cyan]{_day(at)}[/]  {escape(name)}: {escape(what)}  [{colour}]{escape(result)}[/]")
        self._says(act.says)

    def waited(self, until: datetime, step: Wait, happened: list[Mapping[str, Any]]) -> None:
        """See `Story`."""
        self._line(f"[cyan]{_day(until)}[/]  [bold]{escape(step.wait)} have passed[/]")
        self._says(step.says)
        counted = Counter(str(entry["kind"]) for entry in happened if entry["kind"] not in _QUIET_KINDS)
        for kind, count in counted.items():
            times = f" ({count} times)" if count > 1 else ""
            self._line(f"              by itself: [magenta]{escape(kind.replace('_', ' '))}{times}[/]")

    def looked(self, step: Look) -> None:
        """See `Story`."""
        facts = step.expect.model_dump(mode="json", exclude_defaults=True)
        shown = "; ".join(f"{name.replace('_', ' ')}: {_shown(fact)}" for name, fact in facts.items())
        self._line(f"              [green]as expected[/]  [dim]{escape(shown)}[/]")
        self._says(step.says)

    def passed(self) -> None:
        """Say that the journey ended as its story says."""
        ends = self._journey.ends
        closed = f"closed as {ends.reason} ({ends.side})"
        self._console.print(f"[bold green]passed[/]  {escape(self._journey.title)}: {closed}", soft_wrap=True)
        if self._quiet:
            self._console.print(f"{' ' * _INDENT}{self._system.console_page(self.case_id)}", soft_wrap=True)

    def failed(self, failure: JourneyFailed) -> None:
        """Say where the journey left its story, and where to look."""
        self._console.print(f"[bold red]failed[/]  {escape(self._journey.title)}", soft_wrap=True)
        self._wrapped(escape(str(failure)))
        if failure.trace_id:
            self._console.print(f"{' ' * _INDENT}trace  {self._system.trace_page(failure.trace_id)}", soft_wrap=True)
        if self.case_id:
            self._links()

    def _links(self) -> None:
        pages = {
            "case": self._system.console_page(self.case_id),
            "workflow": self._system.workflow_page(self.case_id),
            "traces": self._system.traces_page(self.case_id),
        }
        for name, address in pages.items():
            self._console.print(f"{' ' * _INDENT}{name:<9} {address}", soft_wrap=True, highlight=False)

    def _name(self, alias: str) -> str:
        if alias in self._journey.staff:
            return self._staff.get(self._journey.staff[alias], alias)
        person = self._journey.people.get(alias)
        return (person.name if person else "") or alias

    def _says(self, sentence: str | None) -> None:
        if sentence and not self._quiet:
            self._wrapped(f"[dim]{escape(sentence)}", indent=14)

    def _line(self, text: str) -> None:
        if not self._quiet:
            self._console.print(f"{' ' * _INDENT}{text}", soft_wrap=True, highlight=False)

    def _wrapped(self, text: str, indent: int = _INDENT) -> None:
        self._console.print(Padding(text, (0, 0, 0, indent), expand=False), highlight=False)


def _day(at: datetime) -> str:
    return f"{at.astimezone(SERVICE_ZONE):%d %b %Y}"


def _shown(fact: Any) -> str:
    if isinstance(fact, dict):
        return ", ".join(f"{name} {value}" for name, value in fact.items())
    if isinstance(fact, list):
        return ", ".join(str(one) for one in fact)
    return str(fact)
