"""The local message provider over real HTTP: idempotent hand-over, the list, the pages."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from deploy.local.outbox.app import build_app
from deploy.local.outbox.store import MessageStore
from services.notifications.channels.outbox import Outbox
from services.notifications.domain.message import Message
from tests.support.local_web import served

MESSAGE = {
    "id": "case-1:1", "channel": "email", "to": "ada@example.org", "sender_name": "RJ Hub",
    "subject": "About <your> choice", "body": "Dear Ada,\n\n  see http://127.0.0.1:8080/v/tok-1.\n<b>bold</b>",
    "language": "en", "at": "2026-11-20T09:30:00+00:00",
}  # fmt: skip


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    async with (
        served(lambda url: build_app(MessageStore(tmp_path))) as url,
        httpx2.AsyncClient(base_url=url, trust_env=False) as client,
    ):
        yield client


async def test_a_message_is_taken_once(client: httpx2.AsyncClient) -> None:
    first = await client.post("/messages", json=MESSAGE)
    again = await client.post("/messages", json={**MESSAGE, "at": "2026-11-20T10:00:00+00:00"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert set(first.json()) == {"provider_id"}
    other = await client.post("/messages", json={**MESSAGE, "body": "Other"})
    assert (other.status_code, other.json()["code"]) == (409, "message_id_taken")
    kept = (await client.get("/messages")).json()["messages"]
    assert len(kept) == 1
    assert kept[0]["body"] == MESSAGE["body"]
    assert kept[0]["at"] == MESSAGE["at"]
    assert kept[0]["provider_id"] == first.json()["provider_id"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"channel": "pigeon"}, "channel"),
        ({"to": ""}, "to"),
        ({"body": ""}, "body"),
        ({"at": "2026-11-20T09:30:00"}, "at"),
        ({"id": "a b"}, "id"),
        ({"language": "English!"}, "language"),
        ({"surprise": 1}, ""),
        ({"subject": None}, "subject"),
    ],
)
async def test_a_faulty_message_is_refused_by_field(
    client: httpx2.AsyncClient, change: dict[str, object], field: str
) -> None:
    response = await client.post("/messages", json={**MESSAGE, **change})
    assert (response.status_code, response.json()["code"], response.json()["field"]) == (422, "message_invalid", field)
    assert "pigeon" not in response.text
    assert "English!" not in response.text
    assert (await client.get("/messages")).json()["messages"] == []


async def test_what_is_no_json_or_too_long_is_refused(client: httpx2.AsyncClient) -> None:
    assert (await client.post("/messages", data={"id": "1"})).status_code == 415
    assert (
        await client.post("/messages", content=b"{", headers={"content-type": "application/json"})
    ).status_code == 422
    assert (await client.post("/messages", json={**MESSAGE, "body": "x" * 600_000})).status_code == 413
    assert (await client.delete("/messages")).status_code == 405


async def test_the_list_goes_on_from_where_a_reader_stopped(client: httpx2.AsyncClient) -> None:
    for number in range(5):
        to = "even@example.org" if number % 2 == 0 else "odd@example.org"
        await client.post("/messages", json={**MESSAGE, "id": f"m{number}", "to": to})
    page = (await client.get("/messages", params={"limit": 2})).json()
    assert [message["id"] for message in page["messages"]] == ["m0", "m1"]
    rest = (await client.get("/messages", params={"after": page["next_after"]})).json()
    assert [message["id"] for message in rest["messages"]] == ["m2", "m3", "m4"]
    end = (await client.get("/messages", params={"after": rest["next_after"]})).json()
    assert end == {"messages": [], "next_after": rest["next_after"]}
    odd = (await client.get("/messages", params={"to": "odd@example.org"})).json()
    assert [message["id"] for message in odd["messages"]] == ["m1", "m3"]
    for query in ({"limit": "0"}, {"limit": "x"}, {"after": "-1"}, {"limit": "5000"}):
        assert (await client.get("/messages", params=query)).status_code == 422


async def test_the_pages_show_the_text_exactly_with_links(client: httpx2.AsyncClient) -> None:
    await client.post("/messages", json=MESSAGE)
    listed = await client.get("/")
    assert "About &lt;your&gt; choice" in listed.text
    assert "ada@example.org" in listed.text
    assert "the only place in development where an address can be seen" in " ".join(listed.text.split())
    page = await client.get("/messages/case-1:1")
    assert '\n\n  see <a href="http://127.0.0.1:8080/v/tok-1" rel="noreferrer">' in page.text
    assert "</a>.\n&lt;b&gt;bold&lt;/b&gt;</pre>" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "no-referrer"
    assert (await client.get("/messages/unknown")).status_code == 404
    assert "no messages to this recipient" in (await client.get("/?to=nobody@example.org")).text


async def test_older_messages_are_on_further_pages(client: httpx2.AsyncClient) -> None:
    for number in range(60):
        await client.post("/messages", json={**MESSAGE, "id": f"m{number}", "subject": f"Number {number}!"})
    first = await client.get("/")
    assert "Number 59!" in first.text
    assert "Number 9!" not in first.text
    assert "Older messages" in first.text
    second = await client.get("/?before=11")
    assert "Number 9!" in second.text
    assert "Number 10!" not in second.text
    assert "Older messages" not in second.text


async def test_any_id_a_sender_may_choose_has_a_page(client: httpx2.AsyncClient) -> None:
    await client.post("/messages", json={**MESSAGE, "id": "case/1?step=2&x=#%41"})
    (link,) = re.findall(r'href="(/messages/[^"]+)"', (await client.get("/")).text)
    assert "About &lt;your&gt; choice</h1>" in (await client.get(link)).text


async def test_our_own_channel_is_understood(client: httpx2.AsyncClient) -> None:
    channel = Outbox(str(client.base_url))
    message = Message(
        id="case-1:7",
        channel="email",
        to="ada@example.org",
        sender_name="RJ Hub",
        subject="Hello",
        body="Hello",
        language="en",
        at=datetime(2026, 11, 20, tzinfo=UTC),
    )
    assert await channel.send(message) == await channel.send(message)
    await channel.close()
