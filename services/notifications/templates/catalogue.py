"""Reads the templates from their files, and refuses to go on with one that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.notifications.domain.parameter import ParameterKind
from services.notifications.domain.template import Template, Translation, Wording

FOLDER = Path(__file__).parent


class TemplatesWrong(Exception):
    """Some templates may not be used; the text names each file and what is wrong with it."""


class _WordingFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    subject: str
    email: str
    sms: str


class _TranslationFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    needs_native_review: bool = False
    words: dict[str, str] = Field(default_factory=dict)
    named: _WordingFile
    neutral: _WordingFile


class _TemplateFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    version: int
    purpose: str = Field(min_length=1)
    audience: str = Field(min_length=1)
    reading_age_years: int = Field(ge=5, le=14)
    parameters: dict[str, ParameterKind] = Field(default_factory=dict)
    languages: dict[str, _TranslationFile]


def read_catalogue(folder: Path = FOLDER) -> Mapping[str, Template]:
    """Every template by its name; raises `TemplatesWrong`."""
    faults: list[str] = []
    templates: dict[str, Template] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            template = _template(_TemplateFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))))
        except (ValidationError, yaml.YAMLError) as error:
            faults.append(f"{path.name}: {_reason(error)}")
            continue
        faults += [f"{path.name}: {fault}" for fault in template.faults()]
        if template.name != path.stem:
            faults.append(f"{path.name}: it is named {template.name}")
        templates[template.name] = template
    if not templates:
        faults.append("there is no template")
    if faults:
        raise TemplatesWrong(f"The templates cannot be used: {'; '.join(faults)}.")
    return templates


def _template(read: _TemplateFile) -> Template:
    return Template(
        name=read.name,
        version=read.version,
        purpose=read.purpose,
        audience=read.audience,
        reading_age_years=read.reading_age_years,
        parameters=read.parameters,
        translations={
            language: Translation(
                _wording(translation.named),
                _wording(translation.neutral),
                translation.words,
                translation.needs_native_review,
            )
            for language, translation in read.languages.items()
        },
    )


def _wording(read: _WordingFile) -> Wording:
    return Wording(read.subject, read.email.strip(), read.sms.strip())


def _reason(error: ValidationError | yaml.YAMLError) -> str:
    if isinstance(error, yaml.YAMLError):
        return "it is not YAML"
    places: Iterable[str] = (".".join(str(part) for part in fault["loc"]) for fault in error.errors())
    return f"not as it should be at {', '.join(places)}"
