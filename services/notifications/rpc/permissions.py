"""Who may call which RPC of notifications."""

from __future__ import annotations

PERMISSIONS: dict[str, frozenset[str]] = {
    "/rjhub.notifications.v1.NotificationsService/Deliver": frozenset({"service.worker"}),
    "/rjhub.notifications.v1.NotificationsService/ResolveLink": frozenset({"service.gateway"}),
    "/rjhub.notifications.v1.NotificationsService/ListTemplates": frozenset({"administrator", "coordinator", "lead"}),
}
