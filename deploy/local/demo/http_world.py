"""The real system as a journey's world: the gateway's public API, the outbox, and the clock of one case."""

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx2
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper

from deploy.local.demo.world import Fields, Letter, Opened, Problem, Taken
from deploy.local.sign_in import SignInError, sign_in
from deploy.local.start_error import StartError
from services.runtime.temporal import PayloadKeyError, connect
from workflows.contracts.names import case_workflow_id

_TIMEOUT_SECONDS = 20.0
_SETTLED_WITHIN_SECONDS = 20.0
_CLOCK_TIMEOUT_SECONDS = 60.0
_POLL_SECONDS = 0.03
_PAGE = 500
_OUTBOX_PAGE = 1000
_LINK = re.compile(r"https?://\S+?/([A-Za-z0-9_.~-]{8,256})(?=[\s.,;)]|$)")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the running system's parts answer, and the file with the keys for payloads."""

    gateway_url: str
    issuer_url: str
    outbox_url: str
    temporal_address: str
    temporal_namespace: str
    payload_keys_file: Path


class HttpWorld:
    """Does everything as whoever is asked for, with a token of theirs from a real sign-in."""

    def __init__(self, addresses: Addresses, client: httpx2.AsyncClient, engine: Client) -> None:
        self._addresses = addresses
        self._http = client
        self._engine = engine
        self._tokens: dict[str, str] = {}
        self._outbox_mark = 0  # what came before the case began is not of it: phone numbers are few and used again

    @staticmethod
    async def engine(addresses: Addresses) -> Client:
        """A client of the engine, which moves clocks and sees what is under way; raises StartError."""
        try:
            return await connect(
                address=addresses.temporal_address,
                namespace=addresses.temporal_namespace,
                payload_keys_file=addresses.payload_keys_file,
                identity="demo",
            )
        except (PayloadKeyError, RuntimeError) as error:
            raise StartError(
                f"The engine of the running system cannot be used ({error}): give RJHUB_LOCAL_DATA_FOLDER and the "
                "ports with which it was started, or stop it and let the demo start one of its own."
            ) from error

    def now(self) -> datetime:
        """See `World`."""
        return datetime.now(UTC)

    async def refer(self, staff_id: str, form: Fields, key: str) -> Opened:
        """See `World`."""
        await self._mark_outbox()
        receipt = await self._post(staff_id, "/v1/referrals", form, key)
        return Opened(receipt["case_id"], tuple(receipt["person_ids"]))

    async def self_refer(self, form: Fields, key: str, watcher_id: str) -> Opened:
        """See `World`; the answer to a stranger holds only a reference, so the hub's record tells the ids."""
        await self._mark_outbox()
        received = await self._post("", "/v1/self-referrals", form, key)
        case_id = received["reference"]
        await self.settle(watcher_id, case_id)
        record = await self._get(watcher_id, f"/v1/cases/{case_id}/record")
        # The one who refers themselves is harmed, the other responsible.
        people = sorted(record["people"], key=lambda person: str(person["role"]))
        return Opened(case_id, tuple(person["person_id"] for person in people))

    async def take_step(self, staff_id: str, case_id: str, kind: str, fields: Fields, key: str) -> Taken:
        """See `World`."""
        address = f"/v1/cases/{case_id}/steps/{kind.replace('_', '-')}"
        receipt = await self._post(staff_id, address, fields, key)
        return Taken(receipt["stage"], _moment(receipt["at"]), tuple(receipt["created"]))

    async def set_contact(self, staff_id: str, case_id: str, person_id: str, channel: str, rule: Fields) -> None:
        """See `World`."""
        address = f"/v1/cases/{case_id}/people/{person_id}/contact/{channel}"
        _refuse_problem(await self._request("PUT", staff_id, address, json=dict(rule)))

    async def answer_link(self, letter: Letter, answer: Fields) -> None:
        """See `World`."""
        found = _LINK.search(letter.body)
        if found is None:
            raise Problem(0, ["link_missing"], "The message holds no link.")
        await self._post("", f"/v1/links/{found[1]}/answer", answer, "")

    async def view(self, staff_id: str, case_id: str) -> dict[str, Any] | None:
        """See `World`."""
        answer = await self._request("GET", staff_id, f"/v1/cases/{case_id}")
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return None
        view: dict[str, Any] = _refuse_problem(answer).json()
        return view

    async def timeline(self, staff_id: str, case_id: str) -> list[dict[str, Any]]:
        """See `World`."""
        entries: list[dict[str, Any]] = []
        more = True
        while more:
            after = entries[-1]["sequence"] if entries else 0
            page = await self._get(staff_id, f"/v1/cases/{case_id}/timeline", {"after_sequence": after, "limit": _PAGE})
            entries += page["entries"]
            more = page["more"]
        return entries

    async def letters(self, address: str) -> list[Letter]:
        """See `World`."""
        page = await self._outbox({"to": address, "after": self._outbox_mark})
        return [Letter(message["channel"], message["subject"], message["body"]) for message in page["messages"]]

    async def pass_time(self, case_id: str, duration: timedelta) -> None:
        """See `World`; only a server that was started for it moves a case's clock."""
        handle = self._engine.get_workflow_handle(case_workflow_id(case_id))
        try:
            async with asyncio.timeout(_CLOCK_TIMEOUT_SECONDS):
                await TimeSkipper(self._engine).fast_forward(handle, duration)
        except (RPCError, TimeoutError) as refused:
            sentence = "The engine does not move this case's clock: is it closed, or RJHUB_LOCAL_TIME_SKIPPING off?"
            raise Problem(0, ["clock_not_moved"], sentence) from refused

    async def settle(self, staff_id: str, case_id: str) -> None:
        """See `World`; quiet means seen quiet twice, with the whole ledger there."""
        deadline = time.monotonic() + _SETTLED_WITHIN_SECONDS
        quiet = 0
        while quiet < 2:
            if time.monotonic() > deadline:
                raise Problem(0, ["not_settled"], "The case still has something under way after 20 seconds.")
            quiet = quiet + 1 if await self._is_quiet(staff_id, case_id) else 0
            await asyncio.sleep(_POLL_SECONDS)

    async def _is_quiet(self, staff_id: str, case_id: str) -> bool:
        described = await self._engine.get_workflow_handle(case_workflow_id(case_id)).describe()
        raw = described.raw_description
        if raw.pending_activities or raw.HasField("pending_workflow_task"):
            return False
        view = await self.view(staff_id, case_id)
        if view is None:
            return False
        rest = await self._get(
            staff_id, f"/v1/cases/{case_id}/timeline", {"after_sequence": max(view["sequence"] - 1, 0), "limit": 1}
        )
        return [entry["sequence"] for entry in rest["entries"]] == [view["sequence"]]

    async def _mark_outbox(self) -> None:
        """Begin to count messages from here."""
        while (page := await self._outbox({"after": self._outbox_mark}))["messages"]:
            self._outbox_mark = page["next_after"]

    async def _outbox(self, query: Mapping[str, Any]) -> dict[str, Any]:
        answer = await self._http.get(
            f"{self._addresses.outbox_url}/messages", params={**query, "limit": _OUTBOX_PAGE}, timeout=_TIMEOUT_SECONDS
        )
        answer.raise_for_status()
        page: dict[str, Any] = answer.json()
        return page

    async def _get(self, staff_id: str, path: str, query: Mapping[str, Any] | None = None) -> dict[str, Any]:
        answer = await self._request("GET", staff_id, path, params=query)
        content: dict[str, Any] = _refuse_problem(answer).json()
        return content

    async def _post(self, staff_id: str, path: str, form: Fields, key: str) -> dict[str, Any]:
        headers = {"Idempotency-Key": key} if key else {}
        answer = await self._request("POST", staff_id, path, json=dict(form), headers=headers)
        content: dict[str, Any] = _refuse_problem(answer).json()
        return content

    async def _request(
        self, method: str, staff_id: str, path: str, headers: Mapping[str, str] | None = None, **content: Any
    ) -> httpx2.Response:
        given = dict(headers or {})
        if staff_id:
            given["Authorization"] = f"Bearer {await self._token(staff_id)}"
        try:
            return await self._http.request(
                method, f"{self._addresses.gateway_url}{path}", headers=given, timeout=_TIMEOUT_SECONDS, **content
            )
        except httpx2.HTTPError as error:
            raise Problem(0, ["no_answer"], f"The gateway did not answer ({type(error).__name__}).") from error

    async def _token(self, staff_id: str) -> str:
        if staff_id not in self._tokens:
            try:
                self._tokens[staff_id] = await sign_in(self._addresses.issuer_url, staff_id)
            except (SignInError, httpx2.HTTPError) as error:
                raise Problem(0, ["not_signed_in"], f"{staff_id} could not sign in: {error}.") from error
        return self._tokens[staff_id]


def _refuse_problem(answer: httpx2.Response) -> httpx2.Response:
    """The answer, unless it is a problem, which is raised."""
    if answer.is_success:
        return answer
    if "application/problem+json" not in answer.headers.get("content-type", ""):
        raise Problem(answer.status_code, ["no_problem"], "The answer is neither a success nor a problem.")
    told = answer.json()
    codes = [reason["code"] for reason in told["refusals"]] or [told["code"]]
    sentences = " ".join(f"{reason['sentence']} ({reason['field']})" for reason in told["refusals"])
    raise Problem(answer.status_code, codes, sentences or told["detail"], told["trace_id"])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
