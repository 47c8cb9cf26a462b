"""What is known of a document while it is read: the rules' global variables."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.vocabulary import NO_TAX_DETAIL
from validator.amounts import ZERO, decimal, plus
from validator.node import Node

_NAME = re.compile(
    r"(?:GIB-)?(?P<tax_id>[0-9]{10,11})-(?P<month>[0-9]{6})-(?P<kind>Y|K|YB|KB|DR)-[0-9]{6}"
    r"(?:-(?P<branch>[0-9]{4}))?(?:\.xml)?"
)


@dataclass(frozen=True, slots=True)
class NameParts:
    """What a document's file name says, unchecked."""

    tax_id: str
    month: str
    """YYYYMM."""
    kind: DocumentKind
    branch: str | None

    @classmethod
    def parse(cls, name: str) -> "NameParts | None":
        """Take a name apart; None where it is not built like a document's name."""
        match = _NAME.fullmatch(name)
        if match is None:
            return None
        return cls(match["tax_id"], match["month"], DocumentKind(match["kind"]), match["branch"])


@dataclass(slots=True)
class Tally:
    """Sums over the lines of one entryHeader."""

    details: int = 0
    debit: Decimal | None = ZERO
    """None once an amount could not be read."""
    credit: Decimal | None = ZERO
    main_ids: set[str] = field(default_factory=set)
    """At most two: enough to see that they differ."""
    sub_ids: set[str] = field(default_factory=set)
    account: str | None = None
    """The first line's sub-account, or its main account."""

    def add(self, detail: Node) -> None:
        """Count a line in."""
        self.details += 1
        if self.details == 1:
            self.account = account_of(detail)
        text = detail.value("gl-cor:amount")
        code = detail.value("gl-cor:debitCreditCode")
        if text is not None and code in ("D", "debit"):
            self.debit = _sum(self.debit, decimal(text))
        elif text is not None and code in ("C", "credit"):
            self.credit = _sum(self.credit, decimal(text))
        if len(self.main_ids) < 2 and detail.has("gl-cor:account"):
            self.main_ids.add(detail.normal("gl-cor:account/gl-cor:accountMainID"))
        if len(self.sub_ids) < 2 and detail.has("gl-cor:account/gl-cor:accountSub"):
            self.sub_ids.add(detail.normal("gl-cor:account/gl-cor:accountSub/gl-cor:accountSubID"))


def account_of(detail: Node) -> str | None:
    """A line's sub-account, or its main account where it has none."""
    return detail.value("gl-cor:account/gl-cor:accountSub/gl-cor:accountSubID") or detail.value(
        "gl-cor:account/gl-cor:accountMainID"
    )


def _sum(total: Decimal | None, amount: Decimal | None) -> Decimal | None:
    return None if total is None or amount is None else plus(total, amount)


@dataclass(slots=True)
class Facts:
    """The document so far."""

    kind: DocumentKind | None = None
    name: str | None = None
    """The file's name."""
    name_parts: NameParts | None = None
    context: Node | None = None
    """The first xbrli:context."""
    document_info: Node | None = None
    entity_information: Node | None = None
    contexts: int = 0
    units: int = 0
    currency_units: int = 0
    """Units whose id is a currency's code."""
    measures: list[str] = field(default_factory=list)
    """The first values of xbrli:measure."""
    ids: set[str] = field(default_factory=set)
    """Ids of contexts and units."""
    accounting_entries: int = 0
    headers: int = 0
    lines: int = 0
    attachments: int = 0
    signed: bool = False
    has_signature: bool = False
    has_bare_signature_value: bool = False
    header: Node | None = None
    """The entryHeader that is being read: what stands before its lines."""
    detail: Node | None = None
    """The line that is being read."""
    tally: Tally = field(default_factory=Tally)

    @property
    def tax_id(self) -> str:
        """$vknTckn."""
        return self._of_context("xbrli:entity/xbrli:identifier") or ""

    @property
    def no_tax_detail(self) -> bool:
        """$vergiDetaysizMi = 'VERGI_DETAYSIZ'."""
        return self._of_context("xbrli:entity/xbrli:segment/gl-cor:identifierAuthorityCode") == NO_TAX_DETAIL

    @property
    def entries_type(self) -> str | None:
        """$beratTipi."""
        return self._of_info("gl-cor:entriesType")

    @property
    def unique_id(self) -> str | None:
        """As it stands there."""
        return self._of_info("gl-cor:uniqueID")

    @property
    def start(self) -> str | None:
        """$periodCoveredStart."""
        return self._of_info("gl-cor:periodCoveredStart")

    @property
    def end(self) -> str | None:
        """$periodCoveredEnd."""
        return self._of_info("gl-cor:periodCoveredEnd")

    @property
    def month(self) -> str:
        """$donem: YYYYMM of the start."""
        start = self.start or ""
        return start[0:4] + start[5:7]

    @property
    def default_currency(self) -> str | None:
        """gl-muc:defaultCurrency."""
        return self._of_info("gl-muc:defaultCurrency")

    def organization(self, description: str) -> list[str]:
        """The organizationIdentifiers of one description, such as `Şube No`: normalize-space() of each."""
        if self.entity_information is None:
            return []
        return organization(self.entity_information, description)

    def _of_info(self, path: str) -> str | None:
        return self.document_info.value(path) if self.document_info is not None else None

    def _of_context(self, path: str) -> str | None:
        return self.context.value(path) if self.context is not None else None


def organization(entity: Node, description: str) -> list[str]:
    """normalize-space(organizationIdentifier) of each organizationIdentifiers with that organizationDescription."""
    return [
        node.normal("gl-bus:organizationIdentifier")
        for node in entity.all("gl-bus:organizationIdentifiers")
        if any(said.text == description for said in node.all("gl-bus:organizationDescription"))
    ]
