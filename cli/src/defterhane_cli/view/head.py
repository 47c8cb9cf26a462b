"""What stands above the entries: document, firm, accountant, the berat's segment, and what has no place of its own."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from defterhane import figures
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE, DocumentName
from defterhane.edefter.vocabulary import BRANCH_NAME, BRANCH_NUMBER, FULL_NAME, NO_TAX_DETAIL, SCHEMA_REF, TITLE
from defterhane.findings import Finding
from defterhane.texts import Language
from defterhane_cli.view import words as say
from defterhane_cli.view.fields import Leaf
from defterhane_cli.view.marking import Marks
from defterhane_cli.view.signatures import Signed

_ROWS_LIMIT: Final = 500
"""So many rows a section has."""
_ADDRESS: Final = (
    *("gl-bus:organizationBuildingNumber", "gl-bus:organizationAddressStreet", "gl-bus:organizationAddressStreet2"),
    *("gl-bus:organizationAddressCity", "gl-bus:organizationAddressStateOrProvince"),
    *("gl-bus:organizationAddressZipOrPostalCode", "gl-bus:organizationAddressCountry"),
    *("gl-bus:accountantBuildingNumber", "gl-bus:accountantStreet", "gl-bus:accountantAddressStreet2"),
    *("gl-bus:accountantCity", "gl-bus:accountantStateOrProvince", "gl-bus:accountantZipOrPostalCode"),
    *("gl-bus:accountantCountry",),
)
_PERIODS: Final = {
    "gl-cor:periodCoveredStart": ("period", 0),
    "gl-cor:periodCoveredEnd": ("period", 1),
    "gl-bus:fiscalYearStart": ("fiscal_year", 0),
    "gl-bus:fiscalYearEnd": ("fiscal_year", 1),
}
_WORDS: Final[dict[str, tuple[str, str]]] = {
    "gl-cor:uniqueID": ("document", "number"),
    "gl-cor:creationDate": ("document", "created"),
    "gl-bus:creator": ("document", "creator"),
    "gl-cor:entriesComment": ("document", "remark"),
    "gl-cor:periodCoveredStart": ("document", "period"),
    "gl-cor:periodCoveredEnd": ("document", "period"),
    "gl-bus:sourceApplication": ("document", "program"),
    "gl-muc:defaultCurrency": ("document", "books_currency"),
    "xbrli:identifier": ("firm", "tax_id"),
    "gl-bus:phoneNumber": ("firm", "phone"),
    "gl-bus:entityFaxNumber": ("firm", "fax"),
    "gl-bus:entityEmailAddress": ("firm", "email"),
    "gl-bus:webSiteURL": ("firm", "web"),
    "gl-bus:businessDescription": ("firm", "business"),
    "gl-bus:fiscalYearStart": ("firm", "fiscal_year"),
    "gl-bus:fiscalYearEnd": ("firm", "fiscal_year"),
    "gl-bus:accountantName": ("accountant", "name"),
    "gl-bus:accountantEngagementTypeDescription": ("accountant", "contract"),
    "gl-bus:accountantContactPhoneNumber": ("accountant", "phone"),
    "gl-bus:accountantContactFaxNumber": ("accountant", "fax"),
    "gl-bus:accountantContactEmailAddress": ("accountant", "email"),
    **{name: ("firm" if "organization" in name else "accountant", "address") for name in _ADDRESS},
}
"""Section and word of each element that has a place."""
_SEGMENT: Final = {
    "gl-bus:numberOfEntries": "told_entries",
    "gl-cor:uniqueID": "uuid",
    "gl-bus:measurableQuantity": "told_size",
    "gl-cor:identifierAuthorityCode": "tax_detail",
}
_ORGANIZATION: Final = {
    TITLE: "title",
    FULL_NAME: "person",
    BRANCH_NUMBER: "branch_number",
    BRANCH_NAME: "branch_name",
}
_SELF_EVIDENT: Final = {
    ("gl-cor:language", "iso639:tr"),
    ("gl-bus:phoneNumberDescription", "main"),
    ("gl-bus:accountantContactPhoneNumberDescription", "main"),
    ("xbrli:measure", "xbrli:pure"),
    ("link:schemaRef", SCHEMA_REF),
}
"""What every document says and no reader looks for."""
_CURRENCY: Final = "iso4217:"
_ORDER: Final = (
    *("number", "period", "part", "created", "creator", "currency", "books_currency", "program", "remark"),
    *("title", "person", "tax_id", "branch_number", "branch_name", "fiscal_year", "business", "name", "contract"),
    *("address", "phone", "fax", "email", "web", "uuid", "told_entries", "told_size", "tax_detail", "ledger_value"),
    "file",
)
"""The rows of a section by their words; what has another name comes after them."""
_REPEATED: Final = ("gl-cor:entriesType", "xbrli:instant")
SECTIONS: Final = ("document", "firm", "accountant", "berat", "other")


@dataclass(slots=True)
class Fact:
    """One row of a section: a name and a value, and what is said about it."""

    id: str
    label: str
    value: str
    order: int
    findings: list[Finding] = field(default_factory=list)


class Head:
    """Collects the rows."""

    def __init__(self, name: str, language: Language, marks: Marks) -> None:
        """`name` is the file's name."""
        self.sections: dict[str, list[Fact]] = {section: [] for section in SECTIONS}
        self.anchors: dict[int, str] = {}
        self.hidden = 0
        """So many rows are not shown."""
        self.firm = ""
        """The taxpayer's name."""
        self.period = ""
        self._language = language
        self._words = say.words(language)
        self._marks = marks
        self._rows = 0
        self._created = ""
        self._repeated: list[Leaf] = []
        self._joined: dict[tuple[str, str], Fact] = {}
        self._add("document", "file", name)
        self._part(name)

    def take(self, name: str, leaves: Iterable[Leaf]) -> None:
        """Take in the context, the document's data or the firm's; `name` is the element's."""
        organization: Leaf | None = None
        for leaf in leaves:
            if leaf.name == "gl-bus:organizationIdentifier":
                if organization is not None:
                    self._organization(organization, "")
                organization = leaf
            elif leaf.name == "gl-bus:organizationDescription" and organization is not None:
                self._organization(organization, leaf.value)
                self._mark(leaf, self.sections["firm"][-1:])
                organization = None
            elif name == "xbrli:context" and leaf.name in _SEGMENT:
                self._segment(leaf)
            else:
                self._single(leaf)
        if organization is not None:
            self._organization(organization, "")

    def stray(self, leaf: Leaf) -> None:
        """What stands where nothing is expected."""
        if (leaf.name, leaf.value) in _SELF_EVIDENT:
            return
        if leaf.name == "xbrli:measure" and leaf.value.startswith(_CURRENCY):
            rows = self._join("document", "currency", ", ", leaf.value.removeprefix(_CURRENCY))
        elif leaf.name == "ds:SignatureValue":
            rows = self._add("berat", "ledger_value", leaf.value)
        else:
            rows = self._add("other", say.name_of(leaf.name, self._language), leaf.value or self._words["empty"])
        self._mark(leaf, rows)

    def close(self, kind: DocumentKind) -> None:
        """Nothing more comes: show what should only repeat what is shown already, and does not."""
        said = {"gl-cor:entriesType": kind.traits.entries_type, "xbrli:instant": self._created}
        for leaf in self._repeated:
            if leaf.value != said[leaf.name]:
                self.stray(leaf)
        if not kind.is_berat:
            self.sections["document"] += self.sections.pop("berat")
        for rows in self.sections.values():
            rows.sort(key=lambda row: row.order)

    def _single(self, leaf: Leaf) -> None:
        if leaf.name in _REPEATED:
            if len(self._repeated) < _ROWS_LIMIT:
                self._repeated.append(leaf)
            return
        place = _WORDS.get(leaf.name)
        if place is None:
            self.stray(leaf)
            return
        if leaf.name == "gl-cor:creationDate":
            self._created = leaf.value
        section, word = place
        if word == "address":
            rows = self._join(section, word, ", ", leaf.value)
        elif word in ("period", "fiscal_year"):
            rows = self._join(section, word, " – ", figures.day(leaf.value, self._language))
            if word == "period":
                self.period = rows[0].value if rows else ""
        else:
            rows = self._add(section, word, self._shown(leaf))
        self._mark(leaf, rows)

    def _shown(self, leaf: Leaf) -> str:
        if leaf.name == "gl-cor:creationDate":
            return figures.day(leaf.value, self._language)
        if leaf.name == "gl-bus:sourceApplication":
            return " · ".join(leaf.value.split("##"))
        return leaf.value.removeprefix(_CURRENCY) if leaf.name == "gl-muc:defaultCurrency" else leaf.value

    def _segment(self, leaf: Leaf) -> None:
        value = leaf.value
        if leaf.name == "gl-cor:identifierAuthorityCode" and value == NO_TAX_DETAIL:
            value = self._words["no_tax_detail"]
        elif leaf.name == "gl-bus:measurableQuantity":
            value = value.replace(".", ",") if self._language == "tr" else value
        self._mark(leaf, self._add("berat", _SEGMENT[leaf.name], value))

    def _organization(self, leaf: Leaf, description: str) -> None:
        word = _ORGANIZATION.get(description)
        if word in ("title", "person") and not self.firm:
            self.firm = leaf.value
        self._mark(leaf, self._add("firm", word or description or "name", leaf.value))

    def _part(self, name: str) -> None:
        try:
            part = DocumentName.parse(name).part
        except ValueError:
            return
        self._add("document", "part", f"{part} ({self._words['whole_month']})" if part == WHOLE else part)

    def _join(self, section: str, word: str, between: str, value: str) -> list[Fact]:
        """One row of several elements."""
        row = self._joined.get((section, word))
        if row is None:
            rows = self._add(section, word, value)
            self._joined.update(((section, word), one) for one in rows)
            return rows
        if len(row.value) < _ROWS_LIMIT:
            row.value = between.join(filter(None, (row.value, value)))
        return [row]

    def _add(self, section: str, word: str, value: str) -> list[Fact]:
        """The new row, named by a word of ours or by itself; none where there are too many."""
        if self._rows >= _ROWS_LIMIT:
            self.hidden += 1
            return []
        self._rows += 1
        order = _ORDER.index(word) if word in _ORDER else len(_ORDER)
        row = Fact(f"h{self._rows}", self._words[word] if word in _ORDER else word, value, order)
        self.sections[section].append(row)
        return [row]

    def _mark(self, leaf: Leaf, rows: list[Fact]) -> None:
        found = self._marks.of_leaf(leaf) if leaf.line else []
        for row in rows:
            row.findings += found
            self.anchors.update((id(one), row.id) for one in found)


def signature_facts(signed: Signed, language: Language) -> list[tuple[str, str]]:
    """What a signature says of itself, by names."""
    said = say.words(language)
    facts = [
        (said["signer"], signed.subject),
        (said["serial"], signed.serial_number),
        (said["time"], say.moment(signed.time, language)),
        (said["algorithm"], signed.algorithm),
        (said["role"], signed.role),
        (said["issuer"], signed.issuer),
    ]
    if signed.valid is not None:
        facts.append((said["valid"], " – ".join(figures.day(one, language) for one in signed.valid)))
    return [(name, value) for name, value in facts if value]
