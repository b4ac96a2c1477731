"""What parts print: named, coloured when asked, and kept in files that do not grow without end."""

import asyncio
from pathlib import Path

from deploy.local.output import MAX_FILE_BYTES, MAX_LINE_BYTES, Output


def test_each_line_has_its_parts_name_before_it(tmp_path: Path) -> None:
    lines = list[str]()
    plain = Output(tmp_path, ["notifications", "worker"], colours=False, write=lines.append)
    plain.line("worker", "hello")
    plain.say("hello too")
    plain.block(["", "as it is"])
    plain.close()
    assert lines == ["worker        | hello", "rjhub         | hello too", "", "as it is"]
    assert (tmp_path / "worker.log").read_text().endswith(" hello\n")


def test_colours_are_round_the_name_only(tmp_path: Path) -> None:
    lines = list[str]()
    output = Output(tmp_path, ["a", "b"], colours=True, write=lines.append)
    output.line("b", "text")
    output.close()
    assert lines == ["\x1b[32mb     |\x1b[0m text"]


def test_a_file_is_turned_over_when_it_is_full(tmp_path: Path) -> None:
    output = Output(tmp_path, ["a"], colours=False, write=lambda line: None)
    for _ in range(12):
        output.line("a", "x" * (MAX_FILE_BYTES // 5))
    output.close()
    sizes = [file.stat().st_size for file in tmp_path.iterdir()]
    assert len(sizes) == 2
    assert max(sizes) <= MAX_FILE_BYTES


async def test_a_line_without_end_does_not_stop_the_rest(tmp_path: Path) -> None:
    lines = list[str]()
    output = Output(tmp_path, ["a"], colours=False, write=lines.append)
    stream = asyncio.StreamReader(limit=MAX_LINE_BYTES)
    stream.feed_data(b"first\n" + b"x" * (2 * MAX_LINE_BYTES) + b"\nlast \xff\n")
    stream.feed_eof()
    await output.follow("a", stream)
    output.close()
    assert lines[0].endswith("| first")
    assert "was left out" in lines[1]
    assert lines[-1].endswith("| last \ufffd")
