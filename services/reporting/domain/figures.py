"""The counting dictionary: what each figure of a commissioner's report counts, in words and as data (R-174)."""

from __future__ import annotations

from dataclasses import dataclass

SMALLEST_SHOWN = 5
DIRECT_PROCESSES = ("face_to_face", "community_conference", "circle", "live_video")


@dataclass(frozen=True, slots=True)
class Condition:
    """What an entry's data must say under `field`: one of some codes, or none of some others."""

    field: str
    one_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """Which entries count: those of a kind that meet every condition."""

    kind: str
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; entries with the same `counted_by` value within a case count once, without it each entry counts.

    `part_of` names the figure this is a share of: the rest must not be a small number either.
    """

    code: str
    label: str
    counting_rule: str
    rules: tuple[Rule, ...]
    counted_by: str = ""
    part_of: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """A figure and its value for a period; a suppressed one carries 0."""

    figure: Figure
    value: int
    suppressed: bool = False


_DIRECT = Condition("process_kind", one_of=DIRECT_PROCESSES)
_INDIRECT = Condition("process_kind", none_of=DIRECT_PROCESSES)
_HARMED = Condition("party_role", none_of=("responsible", "supporter"))
_SATISFIED = Condition("satisfaction", one_of=("4", "5"))
_SAID_HOW_SATISFIED = Condition("satisfaction", one_of=("1", "2", "3", "4", "5"))

FIGURES: tuple[Figure, ...] = (
    Figure(
        "K1",
        "Referrals received",
        "Referrals received in the period, crime and non-crime, whoever refers; duplicates found later are among them.",
        (Rule("referral_received"),),
    ),
    Figure(
        "K10",
        "Suitability assessments completed",
        "Single shared assessments signed by the hub in the period: each acceptance of a referral is one.",
        (Rule("referral_accepted"),),
    ),
    Figure(
        "K15",
        "Conferences held",
        "Processes held in the period where people met: face to face, community conference, circle or live video. "
        "One process counts once, however many took part.",
        (Rule("process_held", (_DIRECT,)),),
        counted_by="process_id",
    ),
    Figure(
        "K16",
        "Indirect processes completed",
        "Processes completed in the period in which the people did not meet: shuttle, messenger, recorded message, "
        "letters that reached their recipient. One process counts once, however many letters passed.",
        (
            Rule("process_held", (_INDIRECT,)),
            Rule("exchange_released"),
        ),
        counted_by="process_id",
    ),
    Figure(
        "K27_satisfied",
        "Harmed people satisfied or very satisfied",
        "Follow-up points answered by harmed people with satisfaction 4 or 5 of 5. To be read with K27_answered.",
        (Rule("follow_up_answered", (_HARMED, _SATISFIED)),),
        counted_by="point_id",
        part_of="K27_answered",
    ),
    Figure(
        "K27_answered",
        "Harmed people who said how satisfied they are",
        "Follow-up points answered by harmed people with any satisfaction; no answer is not counted.",
        (Rule("follow_up_answered", (_HARMED, _SAID_HOW_SATISFIED)),),
        counted_by="point_id",
        part_of="K28_answered",
    ),
    Figure(
        "K28_answered",
        "Follow-ups answered",
        "Follow-up points answered in the period, with or without a word on satisfaction. To be read with K28_asked.",
        (Rule("follow_up_answered"),),
        counted_by="point_id",
        part_of="K28_asked",
    ),
    Figure(
        "K28_asked",
        "Follow-ups asked",
        "Follow-up points for which a message was sent in the period; reminders are not counted again.",
        (Rule("follow_up_sent"),),
        counted_by="point_id",
    ),
)


def suppress_small(counts: tuple[Count, ...]) -> tuple[Count, ...]:
    """Hide cells of 1 to 4, and a share whose rest is 1 to 4, since whoever knows the whole could work the rest out."""
    values = {count.figure.code: count.value for count in counts}

    def is_small(number: int) -> bool:
        return 0 < number < SMALLEST_SHOWN

    def suppressed(count: Count) -> Count:
        rest = values.get(count.figure.part_of, count.value) - count.value
        if is_small(count.value) or is_small(rest):
            return Count(count.figure, 0, suppressed=True)
        return count

    return tuple(suppressed(count) for count in counts)
