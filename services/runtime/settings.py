"""How a process reads its settings: from the environment alone, under its own prefix, refusing unknown ones."""

from __future__ import annotations

import os
import sys
from typing import Any, Literal, Self, Unpack

from pydantic import ConfigDict, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError


class ProcessSettings(BaseSettings):
    """What every process needs to know; subclass it as `class Settings(ProcessSettings, process="agencies")`.

    A field `listen` is then read from `RJHUB_AGENCIES_LISTEN`. An empty value counts as not given.
    """

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    issuer_url: str
    log_format: Literal["console", "json"] = "json"
    otlp_endpoint: str = ""

    def __init_subclass__(cls, process: str = "", **options: Unpack[ConfigDict]) -> None:
        """Derive the environment prefix from the process's name."""
        super().__init_subclass__(**options)
        if process:
            cls.model_config["env_prefix"] = f"RJHUB_{process.upper()}_"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments (tests) and the environment; never a file that happens to lie about."""
        return init_settings, env_settings

    @classmethod
    def load(cls, **given: Any) -> Self:
        """Read the environment, or end the process with code 2 and one sentence naming every bad setting.

        The sentence names settings and never their values: some are secrets. `given` goes before the environment.
        """
        problems = [f"{name} is not a setting of this process" for name in cls._unknown_names()]
        try:
            settings = cls(**given)
        except ValidationError as error:
            problems += _problems(error, cls._prefix())
        except SettingsError:
            problems.append("a setting that takes a list or a table is not valid JSON")
        else:
            if not problems:
                return settings
        print(f"Cannot start: {'; '.join(problems)}.", file=sys.stderr)
        raise SystemExit(2)

    @classmethod
    def _prefix(cls) -> str:
        return str(cls.model_config.get("env_prefix", ""))

    @classmethod
    def _unknown_names(cls) -> list[str]:
        prefix = cls._prefix().upper()
        if not prefix:
            return []
        known = {prefix + field.upper() for field in cls.model_fields}
        return sorted(name for name in os.environ if name.upper().startswith(prefix) and name.upper() not in known)


def _problems(error: ValidationError, prefix: str) -> list[str]:
    """Name each bad setting and what kind of fault it has, from pydantic's error types (its texts may quote values)."""
    problems = []
    for fault in error.errors(include_input=False, include_url=False):
        name = prefix + str(fault["loc"][0]).upper() if fault["loc"] else "the settings together"
        expected = fault.get("ctx", {}).get("expected")
        if fault["type"] == "missing":
            problems.append(f"{name} is missing")
        elif fault["type"] == "literal_error" and expected is not None:
            problems.append(f"{name} must be {expected}")
        else:
            problems.append(f"{name} is not valid ({fault['type']})")
    return problems
