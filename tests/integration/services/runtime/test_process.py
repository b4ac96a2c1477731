"""A process ends once, says how by its exit code, and leaves no task behind."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

START = """
import asyncio, sys
from services.runtime.log import configure_logging
from services.runtime.process import run
configure_logging("t", "json")
"""


def start(folder: Path, body: str) -> subprocess.Popen[str]:
    program = folder / "program.py"
    program.write_text(START + body)
    return subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("async def main(): pass\n", 0),
        ("async def main(): raise SystemExit(2)\n", 2),
        ("async def main(): raise ValueError('Ottoline Fennimore')\n", 1),
    ],
)
def test_exit_codes(tmp_path: Path, body: str, code: int) -> None:
    process = start(tmp_path, body + "run(main)\n")
    out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (code, "")
    assert "Ottoline" not in out
    assert ("process_failed" in out) is (code == 1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_it_close_things(tmp_path: Path, number: signal.Signals) -> None:
    process = start(
        tmp_path,
        """
async def other():
    try:
        await asyncio.sleep(60)
    finally:
        print("other closed", flush=True)
async def main():
    task = asyncio.create_task(other())
    await asyncio.sleep(0)
    print("up", flush=True)
    try:
        await asyncio.sleep(60)
    finally:
        await asyncio.sleep(0.01)
        print("main closed", flush=True)
run(main)
""",
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "main closed\nother closed\n", "")


def test_a_second_interrupt_ends_it_at_once(tmp_path: Path) -> None:
    process = start(
        tmp_path,
        """
async def main():
    print("up", flush=True)
    try:
        await asyncio.sleep(60)
    finally:
        print("closing", flush=True)
        await asyncio.sleep(60)
run(main)
""",
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "closing\n"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 130
