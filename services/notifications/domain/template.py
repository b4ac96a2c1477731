"""A message template: its wordings per language, the placeholders they may hold, and the rules every wording keeps."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from services.notifications.domain.parameter import EXPECTED, ParameterKind, is_valid, shown
from services.runtime.refusal import Kind, Refusal, Refused

FALLBACK_LANGUAGE = "en"
CHANNELS = ("email", "sms")
# What a phone shows while locked: the neutral one gives nothing away.
NAMED_SENDER = "RJ Hub"
NEUTRAL_SENDER = "Messages"
_SMS_CHARACTERS_MAX = 400
# Parts of words that tell what the message is about, in the languages we write.
_TELLING = re.compile(
    r"restorativ|justice|police|crim|victim|offen[dc]|court|probation|prison|mediat|conferenc|\brj\b"
    r"|naprawcz|sprawiedliw|policj|przestęp|ofiar|pokrzywdz|\bsąd|więzie|mediac|kurator"
    r"|پولیس|انصاف|جرم|متاثر|عدالت|جیل|ثالث",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording: an e-mail's subject and body, and the text message."""

    subject: str
    email: str
    sms: str

    def body(self, channel: str) -> str:
        """The text for a channel."""
        return self.sms if channel == "sms" else self.email


@dataclass(frozen=True, slots=True)
class Translation:
    """A template in one language: with the service's name, and without a word that tells of it; words for codes."""

    named: Wording
    neutral: Wording
    words: Mapping[str, str] = field(default_factory=dict)
    needs_native_review: bool = False


@dataclass(frozen=True, slots=True)
class RenderedText:
    """A template filled in; `subject` is empty for a text message."""

    sender_name: str
    subject: str = field(repr=False)
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One template in force; `reading_age_years` is the age whose schooling its English asks for."""

    name: str
    version: int
    purpose: str
    audience: str
    reading_age_years: int
    parameters: Mapping[str, ParameterKind]
    translations: Mapping[str, Translation]

    @property
    def has_link(self) -> bool:
        """Whether its messages carry a link."""
        return ParameterKind.LINK in self.parameters.values()

    def language_for(self, wanted: str) -> str:
        """The language a message is written in: the one wanted, its main language, else English."""
        for language in (wanted, wanted.partition("-")[0].lower()):
            if language in self.translations:
                return language
        return FALLBACK_LANGUAGE

    def check_parameters(self, given: Mapping[str, str], point_id: str) -> None:
        """Raise `Refused(INVALID)` naming every parameter that is missing, unknown or not in its form."""
        faults = []
        for name, kind in sorted(self.parameters.items()):
            if kind is ParameterKind.LINK:
                if not point_id:
                    sentence = "This message carries a link: the follow-up point it answers is needed."
                    faults.append(Refusal("parameter_missing", sentence, "point_id", "worker"))
            elif name not in given:
                sentence = "This template needs the parameter."
                faults.append(Refusal("parameter_missing", sentence, f"parameters.{name}", "worker"))
            elif not is_valid(kind, given[name]):
                faults.append(Refusal("parameter_malformed", EXPECTED[kind], f"parameters.{name}", "worker"))
        known = {name for name, kind in self.parameters.items() if kind is not ParameterKind.LINK}
        if given.keys() - known:
            faults.append(Refusal("parameter_unknown", "This template has no such parameter.", "parameters", "worker"))
        if faults:
            raise Refused(Kind.INVALID, *faults)

    def render(
        self, channel: str, language: str, *, named: bool, parameters: Mapping[str, str], link: str
    ) -> RenderedText:
        """Fill the wording in; the parameters have been checked."""
        translation = self.translations[language]
        wording = translation.named if named else translation.neutral
        values = {
            name: link if kind is ParameterKind.LINK else shown(kind, parameters[name], language, translation.words)
            for name, kind in self.parameters.items()
        }
        body = "".join(before + (values[name] if name else "") for before, name in _parts(wording.body(channel)))
        return RenderedText(
            NAMED_SENDER if named else NEUTRAL_SENDER, wording.subject if channel == "email" else "", body
        )

    def faults(self) -> Iterator[str]:
        """Everything wrong with the template as written, for whoever wrote it; nothing when it may be used."""
        if self.version < 1:
            yield "its version must be 1 or more"
        if FALLBACK_LANGUAGE not in self.translations:
            yield "it must be written in English"
        for language, translation in self.translations.items():
            for style, wording in (("named", translation.named), ("neutral", translation.neutral)):
                for channel in CHANNELS:
                    yield from self._wording_faults(f"{language} {style} {channel}", wording.body(channel))
                if _TELLING.search(wording.subject) or not wording.subject or "{" in wording.subject:
                    yield f"{language} {style}: its subject must be neutral and fixed"
                if len(wording.sms) > _SMS_CHARACTERS_MAX:
                    yield f"{language} {style} sms: it is longer than {_SMS_CHARACTERS_MAX} characters"
            for text in (translation.neutral.email, translation.neutral.sms, *translation.words.values()):
                if _TELLING.search(text):
                    yield f"{language} neutral: it names the service or the police"

    def _wording_faults(self, place: str, text: str) -> Iterator[str]:
        if not text.strip():
            yield f"{place}: it is empty"
        try:
            used = {name for _, name in _parts(text) if name}
        except ValueError:
            yield f"{place}: a placeholder is not written as {{name}}"
            return
        for name in sorted(used - self.parameters.keys()):
            yield f"{place}: the placeholder {name} is not a parameter"
        for name in sorted(self.parameters.keys() - used):
            yield f"{place}: the placeholder {name} is missing"


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """The text as pairs of plain text and the placeholder after it ("" at the end); else raises `ValueError`."""
    for before, name, form, conversion in string.Formatter().parse(text):
        if name is not None and (not name.isidentifier() or form or conversion):
            raise ValueError("not a plain placeholder")
        yield before, name or ""
