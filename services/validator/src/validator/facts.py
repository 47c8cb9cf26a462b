"""What is known of a document while it is read: the rules' global variables."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.vocabulary import NO_TAX_DETAIL
from validator.amounts import ZERO, decimal, plus
from validator.foreknown import Globals
from validator.node import Node, normalize
from validator.sums import Sums

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
    """None once an amount could not be read, or a line had several."""
    credit: Decimal | None = ZERO
    main_ids: set[str] = field(default_factory=set)
    """At most two: enough to see that they differ."""
    sub_ids: set[str] = field(default_factory=set)
    account: str | None = None
    """The first line's sub-account, or its main account."""

    main_id_twice: bool = False
    """An account of some line has several accountMainID: GİB's tests stop there."""
    sub_id_twice: bool = False

    def add(self, detail: Node) -> None:
        """Count a line in."""
        self.details += 1
        if self.details == 1:
            self.account = account_of(detail)
        texts, codes = detail.strings("gl-cor:amount"), detail.strings("gl-cor:debitCreditCode")
        if texts:
            amount = decimal(texts[0]) if len(texts) == 1 else None
            if "D" in codes or "debit" in codes:
                self.debit = _sum(self.debit, amount)
            if "C" in codes or "credit" in codes:
                self.credit = _sum(self.credit, amount)
        for account in detail.all("gl-cor:account"):
            mains = account.strings("gl-cor:accountMainID")
            self.main_id_twice |= len(mains) > 1
            if len(self.main_ids) < 2:
                self.main_ids.add(normalize(mains[0]) if mains else "")
            for sub in account.all("gl-cor:accountSub"):
                subs = sub.strings("gl-cor:accountSubID")
                self.sub_id_twice |= len(subs) > 1
                if len(self.sub_ids) < 2:
                    self.sub_ids.add(normalize(subs[0]) if subs else "")

    def run(self, details: int, debit: int, credit: int) -> None:
        """Count in lines that have been added up already, in kuruş."""
        self.details += details
        self.debit = _sum(self.debit, _lira(debit))
        self.credit = _sum(self.credit, _lira(credit))


def account_of(detail: Node) -> str | None:
    """A line's sub-account, or its main account where it has none."""
    return detail.value("gl-cor:account/gl-cor:accountSub/gl-cor:accountSubID") or detail.value(
        "gl-cor:account/gl-cor:accountMainID"
    )


def _lira(kurus: int) -> Decimal:
    return Decimal(kurus).scaleb(-2)


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
    """The document's first xbrli:context."""
    document_info: Node | None = None
    entity_information: Node | None = None
    globals: Globals = field(default_factory=Globals)
    late: dict[str, list[str]] = field(default_factory=dict)
    """Of the entry that is being read: elements that come after its first line, where that is known before."""
    contexts: int = 0
    """In the xbrli:xbrl that is being read, as are units, measures and accounting entries."""
    units: int = 0
    currency_units: int = 0
    """Units whose id is a currency's code."""
    measures: int = 0
    currency_measures: int = 0
    """Values of xbrli:measure that are of ISO 4217."""
    ids: set[str] = field(default_factory=set)
    """Ids of contexts and units."""
    accounting_entries: int = 0
    document_infos: int = 0
    """In the gl-cor:accountingEntries that is being read."""
    entity_informations: int = 0
    earlier_headers: int = 0
    """Before the gl-cor:accountingEntries that is being read."""
    headers: int = 0
    lines: int = 0
    attachments: int = 0
    rules: str | None = None
    """The name of the rule set that it is checked by."""
    signed: bool = False
    """Whether it is signed, or says that it is: then the rules for signed documents hold."""
    has_signature: bool = False
    has_bare_signature_value: bool = False
    header: Node | None = None
    """The entryHeader that is being read: what stands before its lines."""
    detail: Node | None = None
    """The line that is being read."""
    tally: Tally = field(default_factory=Tally)
    sums: Sums = field(default_factory=Sums)
    """Over all lines."""
    first_entry: str | None = None
    """A journal's first entryNumberCounter, and its last."""
    last_entry: str | None = None
    signature_value: str | None = None
    """Of the document's own signature."""
    bare_signature_value: str | None = None

    @property
    def tax_id(self) -> str:
        """The first $vknTckn."""
        return self._of_context("xbrli:entity/xbrli:identifier") or ""

    @property
    def entries(self) -> int:
        """How many entries the gl-cor:accountingEntries that is being read has so far."""
        return self.headers - self.earlier_headers

    @property
    def no_tax_detail(self) -> bool:
        """$vergiDetaysizMi = 'VERGI_DETAYSIZ'."""
        return NO_TAX_DETAIL in self.globals.authority_codes

    @property
    def entries_type(self) -> str | None:
        """The first $beratTipi."""
        return self._of_info("gl-cor:entriesType")

    @property
    def unique_id(self) -> str | None:
        """As it stands there."""
        return self._of_info("gl-cor:uniqueID")

    @property
    def start(self) -> str | None:
        """The first $periodCoveredStart."""
        return self._of_info("gl-cor:periodCoveredStart")

    @property
    def end(self) -> str | None:
        """$periodCoveredEnd."""
        return self._of_info("gl-cor:periodCoveredEnd")

    @property
    def month(self) -> str:
        """YYYYMM of the first start."""
        start = self.start or ""
        return start[0:4] + start[5:7]

    @property
    def default_currency(self) -> str | None:
        """The first gl-muc:defaultCurrency."""
        return self._of_info("gl-muc:defaultCurrency")

    def count_entry(self, counter: str | None) -> None:
        """An entry has been read."""
        if self.first_entry is None:
            self.first_entry = counter
        self.last_entry = counter

    def of_header(self, name: str) -> list[str]:
        """All elements of that name in the entry that is being read."""
        return (self.header.strings(name) if self.header is not None else []) + self.late.get(name, [])

    def end_xbrl(self) -> None:
        """An xbrli:xbrl is complete."""
        self.contexts = self.units = self.currency_units = 0
        self.measures = self.currency_measures = self.accounting_entries = 0

    def end_entries(self) -> None:
        """A gl-cor:accountingEntries is complete."""
        self.document_infos = self.entity_informations = 0
        self.earlier_headers = self.headers

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
