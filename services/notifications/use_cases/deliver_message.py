"""Sends one intended message at most once, or hands it to a person; when in doubt nothing is sent (R-111)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from services.notifications.channels.channel import Channel, ProviderRefused, ProviderUnreachable
from services.notifications.domain.contact import Blocked, Contact, NotBefore, SafeContact
from services.notifications.domain.intention import Intention
from services.notifications.domain.link import Link, LinkMint, token_hash
from services.notifications.domain.message import Message
from services.notifications.domain.outcome import FinalOutcome, HandedToPerson, Sent
from services.notifications.domain.template import Template
from services.runtime.refusal import Kind, Refusal, Refused


@dataclass(frozen=True, slots=True)
class KeptIntention:
    """What is known of an intention: its content's digest, the channel it was being sent by ("" = not yet), its end."""

    digest: str
    sending_by: str
    outcome: FinalOutcome | None


@dataclass(frozen=True, slots=True)
class SendingStart:
    """What is written down before a provider is asked: enough to answer for, nothing to reach the person with."""

    template_version: int
    language: str
    channel: str
    message_id: str
    link_hash: bytes | None
    link: Link | None


class HeldIntention(Protocol):
    """One intention's row while nobody else may touch it; every write is committed before it returns."""

    async def find(self) -> KeptIntention | None:
        """What is kept, None when the intention is new."""

    async def claim(self, intention: Intention) -> None:
        """Keep the intention."""

    async def start_sending(self, start: SendingStart) -> None:
        """Say that a provider is about to be asked."""

    async def finish(self, outcome: FinalOutcome) -> None:
        """Say what became of it, for good."""


class Intentions(Protocol):
    """Where intentions are kept."""

    def alone(self, intention_id: str) -> AbstractAsyncContextManager[HeldIntention]:
        """Hold one intention; others who want it wait, and whoever crashes lets go of it."""


class Contacts(Protocol):
    """Where safe addresses are asked for."""

    async def resolve(self, intention: Intention) -> Contact:
        """How the person may be reached at the intention's time; raises `Refused(UNAVAILABLE, records_unavailable)`."""


class DeliverMessage:
    """The send-time guard and the sending."""

    def __init__(
        self,
        templates: Mapping[str, Template],
        intentions: Intentions,
        contacts: Contacts,
        channels: Mapping[str, Channel],
        links: LinkMint,
    ) -> None:
        """`channels` maps "email", "sms" to a provider; a channel that is not there is a person's to use."""
        self._templates = templates
        self._intentions = intentions
        self._contacts = contacts
        self._channels = channels
        self._links = links

    async def __call__(self, intention: Intention) -> FinalOutcome | NotBefore:
        """Answer the outcome; once it is final, the same intention gets the same again and nobody is asked.

        Raises `Refused`: CONFLICT `intention_mismatch`; INVALID for an unknown template or bad parameters; UNAVAILABLE
        `records_unavailable`, `provider_unavailable` or `delivery_in_progress`, after which asking again is safe.
        """
        async with self._intentions.alone(intention.intention_id) as held:
            kept = await held.find()
            if kept is not None and kept.digest != intention.digest():
                sentence = "This intention is already kept with other content; another message needs an id of its own."
                raise Refused(Kind.CONFLICT, Refusal("intention_mismatch", sentence, "intention_id", "worker"))
            if kept is not None and kept.outcome is not None:
                return kept.outcome
            template = self._template(intention)
            if kept is None:
                await held.claim(intention)
            outcome = await self._attempt(held, intention, template, kept.sending_by if kept else "")
            if not isinstance(outcome, NotBefore):
                await held.finish(outcome)
            return outcome

    def _template(self, intention: Intention) -> Template:
        template = self._templates.get(intention.template)
        if template is None:
            raise Refused(Kind.INVALID, Refusal("template_unknown", "There is no such template.", "template", "worker"))
        template.check_parameters(intention.parameters, intention.point_id)
        return template

    async def _attempt(
        self, held: HeldIntention, intention: Intention, template: Template, sending_by: str
    ) -> FinalOutcome | NotBefore:
        """One attempt; `sending_by` is the channel an earlier one was cut off on: nobody knows how it ended."""
        contact = await self._contacts.resolve(intention)
        match contact:
            case NotBefore():
                if contact.at > intention.at:
                    return contact
                return HandedToPerson("contact_unclear")
            case Blocked():
                return HandedToPerson("delivery_uncertain" if sending_by else contact.reason)
            case SafeContact():
                channel = self._channels.get(contact.channel)
        if channel is None:
            return HandedToPerson("delivery_uncertain" if sending_by else "no_automatic_channel")
        if sending_by and (sending_by != contact.channel or not channel.idempotent):
            return HandedToPerson("delivery_uncertain")
        return await self._send(held, channel, intention, template, contact)

    async def _send(
        self, held: HeldIntention, channel: Channel, intention: Intention, template: Template, contact: SafeContact
    ) -> FinalOutcome:
        language = template.language_for(contact.language)
        token = self._links.token(intention.intention_id) if template.has_link else ""
        text = template.render(
            contact.channel,
            language,
            named=contact.may_name_service,
            parameters=intention.parameters,
            link=self._links.address(token),
        )
        message = Message(
            id=intention.message_id(),
            channel=contact.channel,
            to=contact.address,
            sender_name=text.sender_name,
            subject=text.subject,
            body=text.body,
            language=language,
            at=intention.at,
        )
        link = Link(intention.case_id, intention.person_id, intention.point_id, language) if token else None
        hashed = token_hash(token) if token else None
        await held.start_sending(SendingStart(template.version, language, contact.channel, message.id, hashed, link))
        return await _hand_over(channel, message)


async def _hand_over(channel: Channel, message: Message) -> FinalOutcome:
    try:
        receipt = await channel.send(message)
    except ProviderRefused:
        return HandedToPerson("provider_refused")
    except ProviderUnreachable:
        if not channel.idempotent:
            return HandedToPerson("delivery_uncertain")
        sentence = "The message's provider did not answer; asking again later is safe."
        raise Refused(Kind.UNAVAILABLE, Refusal("provider_unavailable", sentence, who="operator")) from None
    return Sent(receipt, message.channel)
