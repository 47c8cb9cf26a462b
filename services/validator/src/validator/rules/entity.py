"""Rules on gl-cor:entityInformation: the firm and its accountant."""

import re
from typing import Final

from defterhane.edefter.taxid import TCKN_LENGTH, VKN_LENGTH
from defterhane.edefter.vocabulary import BRANCH_NAME, BRANCH_NUMBER, FULL_NAME, TITLE
from validator import texts
from validator.facts import Facts
from validator.node import Node
from validator.rules.model import Check, Row, Tell, Test, filled, required
from validator.texts import COMPANY

_IDENTIFIERS = "gl-bus:organizationIdentifiers"
_IDENTIFIER = "gl-bus:organizationIdentifier"
_ADDRESS = "gl-bus:organizationAddress"
_YEAR_START, _YEAR_END = "gl-bus:fiscalYearStart", "gl-bus:fiscalYearEnd"
_BRANCH = re.compile(r"[0-9]{4}")
_SHORTEST_NAME = 2


def _described(entity: Node, description: str) -> list[Node]:
    """gl-bus:organizationIdentifiers[gl-bus:organizationDescription = …]"""
    return [node for node in entity.all(_IDENTIFIERS) if description in node.strings("gl-bus:organizationDescription")]


def _one_for_length(length: int, description: str) -> Test:
    """A taxpayer whose number has that many digits has one identifier of that description."""

    def test(entity: Node, facts: Facts) -> bool:
        return len(_described(entity, description)) == 1 or len(facts.globals.tax_id) != length

    return test


def _count(description: str) -> Tell:
    """How many identifiers of a description there are."""
    return lambda entity, _: str(len(_described(entity, description)))


def _identifier(description: str) -> Tell:
    """The one identifier of a description."""
    return lambda entity, _: _described(entity, description)[0].exact(_IDENTIFIER)


def _title_or_name(entity: Node, _: Facts) -> bool:
    return (len(_described(entity, TITLE)) == 1) != (len(_described(entity, FULL_NAME)) == 1)


def _long_enough(description: str) -> Test:
    """An identifier that stands there once has at least two characters."""

    def test(entity: Node, _: Facts) -> bool:
        found = _described(entity, description)
        return len(found) != 1 or len(found[0].exact(_IDENTIFIER)) >= _SHORTEST_NAME

    return test


def _branch_together(entity: Node, _: Facts) -> bool:
    return (len(_described(entity, BRANCH_NUMBER)) == 1) == (len(_described(entity, BRANCH_NAME)) == 1)


def _branch_once(entity: Node, _: Facts) -> bool:
    return all(len(_described(entity, description)) <= 1 for description in (BRANCH_NUMBER, BRANCH_NAME))


def _branch_is_number(entity: Node, _: Facts) -> bool:
    found = _described(entity, BRANCH_NUMBER)
    return len(found) != 1 or _BRANCH.fullmatch(found[0].exact(_IDENTIFIER)) is not None


def _year_runs_forward(entity: Node, _: Facts) -> bool:
    starts = entity.strings(_YEAR_START)
    return any(end > start for end in entity.strings(_YEAR_END) for start in starts)


def _year_start(entity: Node, _: Facts) -> str:
    return entity.value(_YEAR_START) or ""


def _address(name: str) -> Check:
    return required(f"{_ADDRESS}/{name}", COMPANY, within=_ADDRESS)


ENTITY_INFORMATION: Final = (
    Row("Y042", "K045", "B074", required("gl-bus:entityPhoneNumber", COMPANY)),
    Row("Y043", "K046", "B075", required("gl-bus:entityEmailAddressStructure", COMPANY)),
    Row("Y044", "K047", "B076", required(_IDENTIFIERS, COMPANY)),
    Row(
        "Y045", "K048", "B077", Check(_one_for_length(VKN_LENGTH, TITLE), texts.ONE_TITLE, _IDENTIFIERS, _count(TITLE))
    ),
    Row(
        "Y046",
        "K049",
        "B078",
        Check(_one_for_length(TCKN_LENGTH, FULL_NAME), texts.ONE_FULL_NAME, _IDENTIFIERS, _count(FULL_NAME)),
    ),
    Row(
        "Y047",
        "K050",
        "B079",
        Check(_title_or_name, texts.TITLE_OR_NAME, _IDENTIFIERS, _count(TITLE), _count(FULL_NAME)),
    ),
    Row("Y048", "K051", "B080", Check(_long_enough(TITLE), texts.TITLE_SHORT, _IDENTIFIERS, _identifier(TITLE))),
    Row("Y049", "K052", "B081", Check(_long_enough(FULL_NAME), texts.NAME_SHORT, _IDENTIFIERS, _identifier(FULL_NAME))),
    Row(
        "Y050",
        "K053",
        "B082",
        Check(_branch_together, texts.BRANCH_TOGETHER, _IDENTIFIERS, _count(BRANCH_NUMBER), _count(BRANCH_NAME)),
    ),
    Row(
        "Y051",
        "K054",
        "B083",
        Check(_branch_once, texts.BRANCH_ONCE, _IDENTIFIERS, _count(BRANCH_NUMBER), _count(BRANCH_NAME)),
    ),
    Row(
        "Y052", "K055", "B084", Check(_branch_is_number, texts.BRANCH_NUMBER, _IDENTIFIERS, _identifier(BRANCH_NUMBER))
    ),
    Row(
        "Y053",
        "K056",
        "B085",
        Check(_long_enough(BRANCH_NAME), texts.BRANCH_NAME_SHORT, _IDENTIFIERS, _identifier(BRANCH_NAME)),
    ),
    Row("Y054", "K057", "B086", required(_ADDRESS, COMPANY)),
    Row("Y055", "K058", "B087", _address("gl-bus:organizationBuildingNumber")),
    Row("Y056", "K059", "B088", _address("gl-bus:organizationAddressStreet")),
    Row("Y057", "K060", "B089", _address("gl-bus:organizationAddressCity")),
    Row("Y058", "K061", "B090", _address("gl-bus:organizationAddressZipOrPostalCode")),
    Row("Y059", "K062", "B091", _address("gl-bus:organizationAddressCountry")),
    Row("Y060", "K063", "B092", required("gl-bus:entityWebSite", COMPANY)),
    Row("Y061", "K064", "B093", filled("gl-bus:businessDescription", COMPANY)),
    Row("Y062", "K065", "B094", required(_YEAR_START, COMPANY)),
    Row("Y063", "K066", "B095", required(_YEAR_END, COMPANY)),
    Row("Y064", "K067", "B096", Check(_year_runs_forward, texts.FISCAL_YEAR_ORDER, _YEAR_END, expected=_year_start)),
    Row("Y065", "K068", "B097", required("gl-bus:accountantInformation", COMPANY)),
)
ACCOUNTANT: Final = (
    Row("Y066", "K069", "B098", filled("gl-bus:accountantName", COMPANY)),
    Row("Y067", "K070", "B099", filled("gl-bus:accountantEngagementTypeDescription", COMPANY)),
)
PHONE: Final = (Row("Y068", "K071", "B100", filled("gl-bus:phoneNumber", COMPANY)),)
EMAIL: Final = (Row("Y069", "K072", "B101", filled("gl-bus:entityEmailAddress", COMPANY)),)
WEB_SITE: Final = (Row("Y070", "K073", "B102", required("gl-bus:webSiteURL", COMPANY)),)
