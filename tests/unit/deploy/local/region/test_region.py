"""The fictional region is whole and consistent, and what is not a consistent, plainly fictional region is refused."""

import shutil
from collections import Counter
from pathlib import Path

import pytest
from rjhub.agencies.v1 import agencies_pb2

from deploy.local.region.messages import region_message
from deploy.local.region.reading import DEFAULT_FOLDER, RegionError, read_region


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for file in DEFAULT_FOLDER.glob("*.yaml"):
        shutil.copy(file, tmp_path)
    return tmp_path


def _change(folder: Path, name: str, old: str, new: str) -> None:
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_region_has_everything_the_service_needs() -> None:
    region = read_region(DEFAULT_FOLDER)
    assert {district.id for district in region.districts} == {
        "birmingham", "coventry", "dudley", "sandwell", "solihull", "walsall", "wolverhampton"
    }  # fmt: skip
    assert {agency.kind for agency in region.agencies} == {
        "hub", "police", "housing", "probation", "prison", "youth_justice", "council", "charity", "commissioner"
    }  # fmt: skip
    assert Counter(unit.kind for unit in region.units) == {"hub": 1, "satellite": 8, "specialist": 1}
    roles = Counter(role for person in region.staff for role in person.roles)
    assert roles["coordinator"] == 2
    assert roles["lead"] == 2
    assert roles["unit_lead"] == 8
    assert roles["specialist"] == 2
    assert roles["facilitator"] >= 10
    assert roles["commissioner"] == roles["operator"] == roles["administrator"] == 1
    practitioners = [person.practitioner for person in region.staff if person.practitioner]
    assert {one.employment for one in practitioners} == {"paid", "volunteer", "police", "partner"}
    assert {one.level for one in practitioners} == {"foundation", "intermediate", "advanced"}
    assert {code for one in practitioners for code in one.specialisms} == {
        "domestic_abuse", "sexual_harm", "youth", "hate_crime"
    }  # fmt: skip


def test_every_agency_has_someone_and_every_satellite_a_lead_and_a_facilitator() -> None:
    region = read_region(DEFAULT_FOLDER)
    assert {person.agency for person in region.staff} == {agency.id for agency in region.agencies}
    for unit in region.units:
        of_unit = [person for person in region.staff if person.unit == unit.id]
        assert any(person.practitioner for person in of_unit), unit.id
        if unit.kind == "satellite":
            assert any("unit_lead" in person.roles for person in of_unit), unit.id


def test_every_district_has_a_venue_and_facilitators() -> None:
    region = read_region(DEFAULT_FOLDER)
    for district in region.districts:
        assert any(venue.district == district.id for venue in region.venues)
        assert sum(district.id in person.practitioner.districts for person in region.staff if person.practitioner) >= 3


def test_message_carries_every_entry() -> None:
    region = read_region(DEFAULT_FOLDER)
    message = region_message(region)
    assert len(message.staff) == len(region.staff)
    assert len(message.venues) == len(region.venues)
    by_id = {person.staff_id: person for person in message.staff}
    assert by_id["S131"].practitioner.level == agencies_pb2.LEVEL_ADVANCED
    assert by_id["S131"].practitioner.vetting_expires_on == "2034-03-31"
    assert by_id["S146"].ends_on == "2026-06-30"
    assert not by_id["S101"].HasField("practitioner")
    assert by_id["S101"].ends_on == ""
    assert by_id["S101"].unit_id == ""
    lapsed = {one.agency_id: one.sharing_agreement_until for one in message.agencies}
    assert lapsed["millrace-support"] == "2026-03-31"


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("staff.yaml", "id: S102", "id: S101", "S101 is used more than once"),
        ("staff.yaml", "agency: hub}", "agency: nowhere}", "unknown agency nowhere"),
        ("staff.yaml", "unit: police-birmingham", "unit: nowhere", "unknown unit nowhere"),
        ("staff.yaml", "unit: police-birmingham", "unit: hub-central", "another agency than the unit"),
        ("staff.yaml", ", unit: police-birmingham", "", "leads a unit and needs its id"),
        ("staff.yaml", "roles: [operator]", "roles: [facilitator]", "needs a practitioner entry"),
        ("staff.yaml", "roles: [operator]", "roles: [king]", "Input should be"),
        ("staff.yaml", "agency: hub}", "agency: hub, shoe_size: 9}", "Extra inputs are not permitted"),
        ("units.yaml", "districts: [birmingham]", "districts: [atlantis]", "unknown district atlantis"),
        ("units.yaml", "agency: hartsmere-council", "agency: nowhere", "unknown agency nowhere"),
        ("venues.yaml", "district: coventry", "district: atlantis", "unknown district atlantis"),
        ("venues.yaml", "separate_entrances: true", "separate_entrances: perhaps", "valid boolean"),
        ("agencies.yaml", "until: 2026-03-31", "until: 2022-03-31", "ends before it starts"),
        ("facilitators.yaml", "    ends_on: 2034-10-05\n", "", "needs the day access ends"),
        ("facilitators.yaml", "capacity_cases: 12", "capacity_cases: 0", "greater than or equal to 1"),
        ("districts.yaml", "name: Dudley", "name: someone@gmail.test", "not at example.org"),
        ("districts.yaml", "name: Dudley", "name: Ring 0121 496 0000", "outside 01632 960000"),
        ("districts.yaml", "name: Dudley", "name: [Dudley", "is not YAML"),
        ("districts.yaml", "districts:", "- districts:", "named lists"),
    ],
)  # fmt: skip
def test_faults_are_refused_by_name(copied: Path, file: str, old: str, new: str, told: str) -> None:
    _change(copied, file, old, new)
    with pytest.raises(RegionError, match=told):
        read_region(copied)


def test_fictional_contact_data_is_accepted(copied: Path) -> None:
    _change(copied, "districts.yaml", "# The seven", "# hub@example.org, 01632 960123. The seven")
    assert read_region(copied).districts


def test_a_folder_without_a_region_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegionError, match="holds no YAML file"):
        read_region(tmp_path)
    with pytest.raises(RegionError, match="holds no YAML file"):
        read_region(tmp_path / "missing")
