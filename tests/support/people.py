"""The staff of the tests: opaque ids with the roles they act in."""

from __future__ import annotations

from workflows.contracts.actor import Actor
from workflows.contracts.vocabulary import Role

REFERRER = Actor(actor_id="S901", roles=(Role.REFERRER,), agency_id="police-test")
COORDINATOR = Actor(actor_id="S101", roles=(Role.COORDINATOR,), agency_id="hub", unit_id="hub")
OTHER_COORDINATOR = Actor(actor_id="S102", roles=(Role.COORDINATOR,), agency_id="hub", unit_id="hub")
LEAD = Actor(actor_id="S103", roles=(Role.LEAD,), agency_id="hub", unit_id="hub")
OTHER_LEAD = Actor(actor_id="S104", roles=(Role.LEAD,), agency_id="hub", unit_id="hub")
FACILITATOR = Actor(actor_id="S201", roles=(Role.FACILITATOR,), agency_id="hub", unit_id="hub")
STRANGER = Actor(actor_id="S299", roles=(Role.FACILITATOR,), agency_id="hub", unit_id="hub")
COMMISSIONER = Actor(actor_id="S301", roles=(Role.COMMISSIONER,), agency_id="commissioner-test")
HARMED_ID = "0190a000-0000-7000-8000-00000000000a"
RESPONSIBLE_ID = "0190a000-0000-7000-8000-00000000000b"
HARMED = Actor(actor_id=HARMED_ID, person_id=HARMED_ID, roles=(Role.PARTICIPANT,))
RESPONSIBLE = Actor(actor_id=RESPONSIBLE_ID, person_id=RESPONSIBLE_ID, roles=(Role.PARTICIPANT,))
