"""Example bodies of a referral and a self-referral, with people who do not exist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

REFERRAL_EXAMPLE: Mapping[str, Any] = {
    "channel": "api",
    "referrer_kind": "police",
    "initiator": "victim_led",
    "stream": "crime",
    "harm_type": "burglary",
    "justice_stage": "post_sentence_community",
    "rj_level": "level_2",
    "district": "birmingham",
    "funding_stream": "victims_grant",
    "responsibility": "accepts",
    "reported_on": "2026-02-16",
    "people": [
        {
            "role": "harmed",
            "name": "Rowena Fictional",
            "language": "en",
            "age_band": "adult",
            "knows_of_referral": "yes",
            "may_be_contacted": "yes",
            "contact": [
                {
                    "channel": "email",
                    "address": "rowena.fictional@example.org",
                    "safety": "safe",
                    "confirmed_on": "2026-03-02",
                    "safe_from_hour": 10,
                    "safe_until_hour": 16,
                    "safe_weekdays": [1, 2, 3],
                }
            ],
        },
        {"role": "responsible", "name": "Jasper Invented", "age_band": "adult", "may_be_contacted": "unknown"},
    ],
    "narrative": "The back window was forced while the family was away.",
    "agency_reference": "20/000000/26",
}
SELF_REFERRAL_EXAMPLE: Mapping[str, Any] = {
    "district": "dudley",
    "harm_type": "anti_social_behaviour",
    "name": "Rowena Fictional",
    "contact": [{"channel": "phone", "address": "01632 960001", "safety": "safe", "confirmed_on": "2026-03-02"}],
    "narrative": "I would like to ask him why.",
}
