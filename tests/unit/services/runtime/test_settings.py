"""Settings come from the environment alone; every bad one is named and no value is ever shown."""

from pathlib import Path

import pytest
from pydantic_settings import SettingsConfigDict

from services.runtime.settings import ProcessSettings

CANARY = "canary-value-4711"


class Settings(ProcessSettings, process="runtimetest"):
    """A process's settings as a service writes them."""

    listen: str
    workers: int = 1
    tags: tuple[str, ...] = ()


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("RJHUB_RUNTIMETEST_ISSUER_URL", "http://127.0.0.1:8010")
    monkeypatch.setenv("RJHUB_RUNTIMETEST_LISTEN", "127.0.0.1:8021")
    return monkeypatch


def refused_sentence(capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as exit_:
        Settings.load()
    assert exit_.value.code == 2
    said = capsys.readouterr()
    assert CANARY not in said.err + said.out
    assert "Traceback" not in said.err
    return said.err


def test_reads_its_own_prefix(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("RJHUB_OTHER_LISTEN", "elsewhere")
    settings = Settings.load()
    assert (settings.listen, settings.log_format, settings.otlp_endpoint) == ("127.0.0.1:8021", "json", "")


def test_names_what_is_missing(environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    environment.delenv("RJHUB_RUNTIMETEST_LISTEN")
    environment.setenv("RJHUB_RUNTIMETEST_ISSUER_URL", "")
    sentence = refused_sentence(capsys)
    assert "RJHUB_RUNTIMETEST_LISTEN is missing" in sentence
    assert "RJHUB_RUNTIMETEST_ISSUER_URL is missing" in sentence


def test_names_what_it_does_not_know(environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    environment.setenv("RJHUB_RUNTIMETEST_LISTNE", CANARY)
    assert "RJHUB_RUNTIMETEST_LISTNE is not a setting" in refused_sentence(capsys)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("LOG_FORMAT", "RJHUB_RUNTIMETEST_LOG_FORMAT must be 'console' or 'json'"),
        ("WORKERS", "RJHUB_RUNTIMETEST_WORKERS is not valid (int_parsing)"),
        ("TAGS", "not valid JSON"),
    ],
)
def test_names_a_bad_value_without_showing_it(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, said: str
) -> None:
    environment.setenv(f"RJHUB_RUNTIMETEST_{name}", CANARY)
    assert said in refused_sentence(capsys)


def test_ignores_a_dotenv_file(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"RJHUB_RUNTIMETEST_WORKERS={CANARY}\n")
    environment.chdir(tmp_path)
    assert Settings.load().workers == 1


def test_a_prefix_may_also_be_written_out(environment: pytest.MonkeyPatch) -> None:
    class WrittenOut(ProcessSettings):
        model_config = SettingsConfigDict(env_prefix="RJHUB_RUNTIMETEST_")
        listen: str

    assert WrittenOut.load().listen == "127.0.0.1:8021"
