"""Lists the open tasks a viewer owns or oversees, the longest overdue first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from services.reporting.domain.case_summary import Task
from services.reporting.domain.viewer import Viewer


@dataclass(frozen=True, slots=True)
class TaskPage:
    """The most urgent tasks, and how many there are in all."""

    tasks: tuple[Task, ...]
    total: int


class TaskReader(Protocol):
    """Where tasks are read."""

    async def tasks(self, viewer: Viewer, mine_only: bool, limit: int) -> TaskPage:
        """Tasks by due time, those without one last.

        That puts overdue ones first without asking any clock but the case's.
        """


class ListTasks:
    """A viewer's task list."""

    def __init__(self, reader: TaskReader) -> None:
        self._reader = reader

    async def __call__(self, viewer: Viewer, mine_only: bool, limit: int) -> TaskPage:
        """Answer at most `limit` tasks."""
        return await self._reader.tasks(viewer, mine_only, limit)
