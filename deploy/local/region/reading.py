"""Reads a region from a folder of YAML files and refuses what is not a consistent, plainly fictional region."""

import re
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from deploy.local.region.model import Region

DEFAULT_FOLDER = Path(__file__).parent
_EMAIL = re.compile(r"[\w.+-]+@[\w.-]+")
_PHONE = re.compile(r"(?<![\d-])(?:\+44|0)[\d ]{8,13}\d(?![\d-])")
_FICTIONAL_PHONE = re.compile(r"01632 ?960 ?\d{3}")  # the range kept free for drama in the United Kingdom


class RegionError(Exception):
    """The folder holds no usable region; the text names every problem found."""


def read_region(folder: Path) -> Region:
    """The region of all `*.yaml` files in the folder; lists of the same name in several files are joined.

    Raises RegionError naming the file or the entries at fault.
    """
    files = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    if not files:
        raise RegionError("the region folder holds no YAML file")
    joined: dict[str, list[Any]] = {}
    for file in files:
        for section, entries in _sections(file).items():
            joined.setdefault(section, []).extend(entries)
    try:
        return Region.model_validate(joined)
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'region'}: {one['msg']}" for one in error.errors())
        raise RegionError(problems) from error


def _sections(file: Path) -> dict[str, list[Any]]:
    text = file.read_text(encoding="utf-8")
    _refuse_real_contact_data(file.name, text)
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise RegionError(f"{file.name} is not YAML") from error
    if not isinstance(content, dict) or not all(isinstance(entries, list) for entries in content.values()):
        raise RegionError(f"{file.name} must hold named lists")
    return content


def _refuse_real_contact_data(name: str, text: str) -> None:
    """The region is published with the product, so a real address or number must never slip into it."""
    for address in _EMAIL.findall(text):
        if not address.endswith("@example.org"):
            raise RegionError(f"{name} holds an e-mail address that is not at example.org")
    for number in _PHONE.findall(text):
        if not _FICTIONAL_PHONE.fullmatch(number):
            raise RegionError(f"{name} holds a phone number outside 01632 960000 to 960999")
