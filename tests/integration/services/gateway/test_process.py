"""The gateway as a process of its own: it starts without what it relies on, answers, and ends when told to."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import httpx2

from deploy.local.ports import free_port
from tests.integration.services.gateway.fake_engine import CASE_ID
from tests.support.payload_keys import write_test_keys
from tests.support.tokens import TestIssuer

ROOT = Path(__file__).resolve().parents[4]
AWAY = "127.0.0.1:1"


def environment(issuer_url: str, port: int, keys: Path) -> dict[str, str]:
    """Settings with nothing behind but the issuer."""
    settings = {
        "LISTEN": f"127.0.0.1:{port}",
        "ISSUER_URL": issuer_url,
        "TEMPORAL_ADDRESS": AWAY,
        "TEMPORAL_NAMESPACE": "rjhub",
        "PAYLOAD_KEYS_FILE": str(keys),
        "CLIENT_ID": "gateway",
        "CLIENT_SECRET": "gateway-secret",
    } | {f"{name}_ADDRESS": AWAY for name in ("AGENCIES", "RECORDS", "NOTIFICATIONS", "REPORTING")}
    paths = os.pathsep.join([str(ROOT), str(ROOT / "protos" / "gen")])
    return {**os.environ, "PYTHONPATH": paths} | {f"RJHUB_GATEWAY_{name}": value for name, value in settings.items()}


async def start(settings: dict[str, str]) -> asyncio.subprocess.Process:
    """The process."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.gateway",
        cwd=ROOT,
        env=settings,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def answering(http: httpx2.AsyncClient) -> None:
    """Wait until the process answers."""
    async with asyncio.timeout(30):
        while True:
            try:
                assert (await http.get("/healthz")).status_code == 200
                return
            except httpx2.TransportError:
                await asyncio.sleep(0.1)


async def test_it_answers_without_the_engine_and_says_nothing_it_should_not(
    gateway_issuer: TestIssuer, tmp_path: Path
) -> None:
    port = free_port()
    process = await start(environment(gateway_issuer.url, port, write_test_keys(tmp_path)))
    token = gateway_issuer.token("S101", ["coordinator"], "hub")
    trace_id = "0af7651916cd43dd8448eb211c80319c"
    try:
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as http:
            await answering(http)
            assert (await http.get("/readyz")).status_code == 503
            headers = {
                "authorization": f"Bearer {token}",
                "idempotency-key": "process-0001",
                "traceparent": f"00-{trace_id}-b7ad6b7169203331-01",
            }
            taken = await http.post(
                f"/v1/cases/{CASE_ID}/steps/hold-for-safety", headers=headers, json={"reason": "threat"}
            )
            assert (taken.status_code, taken.json()["code"]) == (503, "engine_unavailable")
            assert taken.json()["trace_id"] == trace_id
            assert (await http.get("/v1/links/a-link-that-is-secret")).status_code == 503
    finally:
        process.send_signal(signal.SIGTERM)
        out, errors = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 0, errors.decode()
    assert errors == b""
    said = out.decode()
    assert "a-link-that-is-secret" not in said
    assert token not in said
    lines = [line for text in said.splitlines() if (line := json.loads(text))["event"] == "http"]
    assert [line["route"] for line in lines] == ["/v1/cases/{case_id}/steps/hold-for-safety", "/v1/links/{token}"]
    assert (lines[0]["case_ref"], lines[0]["step"], lines[0]["trace_id"]) == (CASE_ID, "hold_for_safety", trace_id)


async def test_bad_settings_end_it_with_one_sentence(gateway_issuer: TestIssuer, tmp_path: Path) -> None:
    settings = environment(gateway_issuer.url, free_port(), tmp_path / "no-such-file")
    process = await start(settings)
    _, errors = await asyncio.wait_for(process.communicate(), 30)
    assert (process.returncode, errors.decode().count("\n")) == (2, 1)
    assert "payload key file" in errors.decode()
    del settings["RJHUB_GATEWAY_CLIENT_SECRET"]
    process = await start(settings)
    _, errors = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 2
    assert "RJHUB_GATEWAY_CLIENT_SECRET is missing" in errors.decode()
