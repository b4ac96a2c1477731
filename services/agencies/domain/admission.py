"""Who gets in at all: known staff, still in service, of an agency with a sharing agreement in force (R-130, R-076)."""

from __future__ import annotations

from datetime import date

from services.agencies.domain.agency import Agency, SharingAgreement
from services.agencies.domain.staff import Staff
from services.runtime.refusal import Kind, Refusal, Refused

_ADMINISTRATOR = "administrator"
_UNKNOWN = Refusal("unknown_staff", "Nobody of the service is registered under this sign-in.", who=_ADMINISTRATOR)
_ENDED = Refusal("staff_ended", "This person's time with the service has ended.", who=_ADMINISTRATOR)
_MISSING = Refusal(
    "agreement_missing", "The agency has no information-sharing agreement in force yet.", who=_ADMINISTRATOR
)
_LAPSED = Refusal("agreement_lapsed", "The agency's information-sharing agreement has run out.", who=_ADMINISTRATOR)


def admit(staff: Staff | None, agency: Agency | None, today: date) -> tuple[Staff, Agency]:
    """Answer the person and their agency, or raise `Refused(FORBIDDEN)` with the one reason why not."""
    if staff is None or agency is None:
        raise Refused(Kind.FORBIDDEN, _UNKNOWN)
    if staff.ended_by(today):
        raise Refused(Kind.FORBIDDEN, _ENDED)
    _check_agreement(agency.sharing_agreement, today)
    return staff, agency


def _check_agreement(agreement: SharingAgreement | None, today: date) -> None:
    if agreement is None or today < agreement.starts_on:
        raise Refused(Kind.FORBIDDEN, _MISSING)
    if not agreement.covers(today):
        raise Refused(Kind.FORBIDDEN, _LAPSED)
