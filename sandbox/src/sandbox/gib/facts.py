"""What a berat or a report says of itself, and the duties that both have: read from untrusted XML, within bounds.

This judgement is the sandbox's own: it shares no rule with the product's validator, so that one can find the
other's mistakes. Reasons are in Turkish, in the manner of GİB's.
"""

import json
import re
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

from lxml import etree

from defterhane.documents.errors import XmlRefused
from defterhane.documents.safe_xml import parse_small
from defterhane.edefter.kinds import DocumentKind, kind_of
from defterhane.edefter.money import parse_kurus
from defterhane.edefter.names import DocumentName
from defterhane.edefter.period import Period
from defterhane.edefter.taxid import VKN_LENGTH
from defterhane.edefter.vocabulary import BRANCH_NAME, BRANCH_NUMBER, FULL_NAME, NAMESPACES, TITLE
from sandbox.gib.packages import Rejected

DOCUMENT: Final = "xbrli:xbrl/gl-cor:accountingEntries/gl-cor:documentInfo"
ENTITY: Final = "xbrli:xbrl/gl-cor:accountingEntries/gl-cor:entityInformation"
CONTEXT: Final = "xbrli:xbrl/xbrli:context"
SEGMENT: Final = f"{CONTEXT}/xbrli:entity/xbrli:segment"

_NEEDED: Final = (
    *(f"{DOCUMENT}/{name}" for name in ("gl-cor:entriesType", "gl-cor:uniqueID", "gl-cor:creationDate")),
    *(f"{DOCUMENT}/{name}" for name in ("gl-cor:periodCoveredStart", "gl-cor:periodCoveredEnd")),
    f"{DOCUMENT}/gl-bus:sourceApplication",
    f"{ENTITY}/gl-bus:entityPhoneNumber/gl-bus:phoneNumber",
    f"{ENTITY}/gl-bus:entityEmailAddressStructure/gl-bus:entityEmailAddress",
    *(
        f"{ENTITY}/gl-bus:organizationAddress/gl-bus:organization{name}"
        for name in ("BuildingNumber", "AddressStreet", "AddressCity", "AddressZipOrPostalCode", "AddressCountry")
    ),
    f"{ENTITY}/gl-bus:entityWebSite/gl-bus:webSiteURL",
    f"{ENTITY}/gl-bus:businessDescription",
    f"{ENTITY}/gl-bus:fiscalYearStart",
    f"{ENTITY}/gl-bus:fiscalYearEnd",
    f"{ENTITY}/gl-bus:accountantInformation/gl-bus:accountantName",
    f"{ENTITY}/gl-bus:accountantInformation/gl-bus:accountantEngagementTypeDescription",
)
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_UNIQUE_ID: Final = re.compile(r"(YEV|KEB|EDR)(\d{6})(\d{6})")


@dataclass(frozen=True)
class Facts:
    """What an approved document has said; kept to judge the ones after it."""

    kind: DocumentKind
    period: str
    part: str
    branch: str
    """Empty for the head office."""
    start: str
    end: str
    """First and last day covered, ISO dates."""
    fiscal_year: str
    """Its first day, an ISO date."""
    sequence: int
    """The number at the end of the uniqueID."""
    totals: dict[str, int] | None
    """Kuruş by account and side (`391D`); None in a berat without tax detail."""

    def to_json(self) -> str:
        """As it is kept."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Facts":
        """What `to_json` has written."""
        values = json.loads(text)
        return cls(**{**values, "kind": DocumentKind(values["kind"])})


def parse_document(data: bytes, limit: int) -> etree._Element:
    """The root element of a document of at most `limit` bytes.

    Raises:
        Rejected: it is no XML within the bounds, or has a DTD or entities.
    """
    try:
        return parse_small(data, limit)
    except XmlRefused as error:
        raise Rejected(error.problem.text.tr) from error


def nodes(element: etree._Element, path: str) -> list[etree._Element]:
    """The elements at a path, with the vocabulary's prefixes."""
    return element.findall(path, namespaces=NAMESPACES)


def text(element: etree._Element, path: str) -> str:
    """The trimmed text at a path; empty where there is none."""
    return " ".join((element.findtext(path, default="", namespaces=NAMESPACES)).split())


def demand(condition: object, reason: str) -> None:
    """Reject with a reason where a duty is not done."""
    if not condition:
        raise Rejected(reason)


def check_frame(root: etree._Element, name: DocumentName) -> None:
    """Check that a document is of the kind that its name says, and that what every document needs is there.

    Raises:
        Rejected: it is not so.
    """
    qualified = etree.QName(root)
    demand(qualified.namespace == NAMESPACES["edefter"], "Kök eleman edefter ad alanında olmalıdır.")
    for path in ("xbrli:xbrl", CONTEXT, "xbrli:xbrl/gl-cor:accountingEntries", DOCUMENT, ENTITY):
        demand(len(nodes(root, path)) == 1, f"{_last(path)} elemanı bir kez bulunmalıdır.")
    for path in _NEEDED:
        demand(text(root, path), f"{_last(path)} elemanı zorunludur ve boş olamaz.")
    try:
        kind = kind_of(qualified.localname, text(root, f"{DOCUMENT}/gl-cor:entriesType"))
    except ValueError as error:
        raise Rejected("Kök eleman ile gl-cor:entriesType değeri birbirine uygun değil.") from error
    demand(kind is name.kind, "Dosya adındaki tür ile dosyanın içeriği birbirine uygun değil.")
    demand(
        _UUID.fullmatch(text(root, f"{SEGMENT}/gl-cor:uniqueID")),
        "xbrli:segment içerisindeki gl-cor:uniqueID UUID biçiminde olmalıdır.",
    )
    measures = [" ".join((item.text or "").split()) for item in nodes(root, "xbrli:xbrl/xbrli:unit/xbrli:measure")]
    demand(any(item.startswith("iso4217:") for item in measures), "Para birimini gösteren xbrli:unit zorunludur.")
    demand(root.xpath("not(//@decimals[. != 'INF'])"), "decimals niteliği yalnızca INF olabilir.")


def read_facts(root: etree._Element, name: DocumentName, totals: dict[str, int] | None) -> Facts:
    """Check what berats and the report tell alike, and what they must share with their name.

    Args:
        root: the document, its frame checked.
        name: the package's name.
        totals: the amounts that the document tells.

    Raises:
        Rejected: a duty is not done.
    """
    _check_entity(root, name)
    start, end, created = (
        _day(root, f"{DOCUMENT}/gl-cor:{field}") for field in ("periodCoveredStart", "periodCoveredEnd", "creationDate")
    )
    year = _day(root, f"{ENTITY}/gl-bus:fiscalYearStart")
    demand(start <= end, "periodCoveredEnd, periodCoveredStart tarihinden önce olamaz.")
    demand(created >= end, "creationDate, periodCoveredEnd tarihinden önce olamaz.")
    demand(
        Period.of(start) == Period.of(end) == name.period,
        "Dosya adındaki dönem ile dosya içerisindeki dönem aynı olmalıdır.",
    )
    year_end = _day(root, f"{ENTITY}/gl-bus:fiscalYearEnd")
    demand(year < year_end, "fiscalYearEnd, fiscalYearStart tarihinden sonra olmalıdır.")
    demand(year <= start and end <= year_end, "Dönem, hesap dönemi içerisinde olmalıdır.")
    instant = text(root, f"{CONTEXT}/xbrli:period/xbrli:instant")
    demand(instant == created.isoformat(), "xbrli:instant değeri creationDate ile aynı olmalıdır.")
    return Facts(
        kind=name.kind,
        period=name.period.compact,
        part=name.part,
        branch=name.branch or "",
        start=start.isoformat(),
        end=end.isoformat(),
        fiscal_year=year.isoformat(),
        sequence=_sequence(root, name),
        totals=totals,
    )


def amount(detail: etree._Element) -> int:
    """A line's amount in kuruş, zero or more, with at most two decimals.

    Raises:
        Rejected: it is not such an amount.
    """
    try:
        kurus = parse_kurus(text(detail, "gl-cor:amount"))
    except ValueError as error:
        raise Rejected("gl-cor:amount en fazla iki ondalıklı bir tutar olmalıdır.") from error
    demand(kurus >= 0, "gl-cor:amount sıfırdan küçük olamaz.")
    return kurus


def _check_entity(root: etree._Element, name: DocumentName) -> None:
    identifier = text(root, f"{CONTEXT}/xbrli:entity/xbrli:identifier")
    demand(identifier == name.tax_id, "Dosya adındaki VKN/TCKN ile xbrli:identifier aynı olmalıdır.")
    named: dict[str, list[str]] = {}
    for item in nodes(root, f"{ENTITY}/gl-bus:organizationIdentifiers"):
        named.setdefault(text(item, "gl-bus:organizationDescription"), []).append(
            text(item, "gl-bus:organizationIdentifier")
        )
    own, other = (TITLE, FULL_NAME) if len(name.tax_id) == VKN_LENGTH else (FULL_NAME, TITLE)
    demand(
        len(named.get(own, [])) == 1 and len(named[own][0]) >= 2 and other not in named,
        f"'{own}' bir kez ve en az iki karakter olarak bulunmalıdır.",
    )
    branch = [name.branch] if name.branch else []
    demand(named.get(BRANCH_NUMBER, []) == branch, "Dosya adındaki şube ile dosya içerisindeki şube aynı olmalıdır.")
    names = named.get(BRANCH_NAME, [])
    demand(
        len(names) == len(branch) and all(len(item) >= 2 for item in names),
        "Şube adı, şube no ile birlikte bulunmalıdır.",
    )


def _sequence(root: etree._Element, name: DocumentName) -> int:
    match = _UNIQUE_ID.fullmatch(text(root, f"{DOCUMENT}/gl-cor:uniqueID"))
    demand(match, "gl-cor:uniqueID 15 karakterden oluşmalı ve türünün ön ekiyle başlamalıdır.")
    assert match is not None
    demand(
        match[1] == name.kind.traits.unique_id_prefix and match[2] == name.period.compact,
        "gl-cor:uniqueID içerisindeki ön ek ve dönem, dosyanın türü ve dönemiyle aynı olmalıdır.",
    )
    return int(match[3])


def _day(root: etree._Element, path: str) -> date:
    try:
        return date.fromisoformat(text(root, path))
    except ValueError as error:
        raise Rejected(f"{_last(path)} geçerli bir tarih olmalıdır.") from error


def _last(path: str) -> str:
    return path.rsplit("/", 1)[-1]
