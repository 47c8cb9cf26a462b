"""Changes of a document's frame that need several elements at once: contexts, units, documentInfo, the firm's names."""

from typing import TypeAlias

from lxml import etree

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.vocabulary import NAMESPACES
from support.corpus_books import BRIEF, PERSON, Month
from support.document_changes import Change, after, all_texts, at, attribute, before, inside, text, twice, without

Made: TypeAlias = dict[str, tuple[Month, Change]]
"""By name: a month, and what to do with a document of it."""
BRIEF_MONTH = Month(BRIEF)


def all_of(*parts: Change) -> Change:
    """One change after the other."""

    def change(root: etree._Element) -> None:
        for part in parts:
            part(root)

    return change


def of_frames(kind: DocumentKind) -> Made:
    info, entity = "gl-cor:documentInfo", "gl-cor:entityInformation"
    other = "ledger" if kind.traits.entries_type != "ledger" else "journal"
    context = (
        '<xbrli:context id="second"><xbrli:entity><xbrli:identifier scheme="http://www.gib.gov.tr">{id}'
        "</xbrli:identifier></xbrli:entity><xbrli:period><xbrli:instant>2025-04-02</xbrli:instant></xbrli:period>"
        "</xbrli:context>"
    )
    unit = '<xbrli:unit id="{id}"><xbrli:measure>{measure}</xbrli:measure></xbrli:unit>'
    made: Made = {
        f"unit {name} = {measure}": (
            BRIEF_MONTH,
            before("gl-cor:accountingEntries", unit.format(id=name, measure=measure)),
        )
        for name, measure in (
            ("USD", "iso4217:USD"),
            ("USD", "iso4217:EUR"),
            ("usd", "iso4217:USD"),
            ("EUR", "xbrli:pure"),
            ("US", "iso4217:USD"),
            ("second", "iso4217:ABC"),
            ("second", "iso4217:TRY"),
        )
    }
    made |= {
        "second context of another firm": (BRIEF_MONTH, before("xbrli:unit", context.replace("{id}", PERSON))),
        "second context first": (BRIEF_MONTH, before("xbrli:context", context.replace("{id}", "123"))),
        "second identifier": (
            BRIEF_MONTH,
            after("xbrli:identifier", '<xbrli:identifier scheme="http://www.gib.gov.tr">1</xbrli:identifier>'),
        ),
        "second information of another kind": (BRIEF_MONTH, all_of(twice(info), text("gl-cor:entriesType", other, 1))),
        "second information of another kind first": (
            BRIEF_MONTH,
            all_of(twice(info), text("gl-cor:entriesType", other)),
        ),
        "second information of another month": (
            BRIEF_MONTH,
            all_of(
                twice(info),
                text("gl-cor:periodCoveredStart", "2025-02-01", 1),
                text("gl-cor:periodCoveredEnd", "2025-02-28", 1),
            ),
        ),
        "second kind of entries": (
            BRIEF_MONTH,
            all_of(twice("gl-cor:entriesType"), text("gl-cor:entriesType", other, 1)),
        ),
        "second start": (
            BRIEF_MONTH,
            all_of(twice("gl-cor:periodCoveredStart"), text("gl-cor:periodCoveredStart", "2025-03-15", 1)),
        ),
        "second id": (
            BRIEF_MONTH,
            all_of(twice("gl-cor:documentInfo/gl-cor:uniqueID"), text("gl-cor:documentInfo/gl-cor:uniqueID", "X", 1)),
        ),
        "second firm": (BRIEF_MONTH, all_of(twice(entity), without("gl-bus:entityPhoneNumber", 1))),
        "information after the entries": (
            BRIEF_MONTH,
            lambda root: at(root, "gl-cor:accountingEntries").append(at(root, info)),
        ),
        "firm after the entries": (
            BRIEF_MONTH,
            lambda root: at(root, "gl-cor:accountingEntries").append(at(root, entity)),
        ),
        "units after the entries": (BRIEF_MONTH, lambda root: at(root, "xbrli:xbrl").append(at(root, "xbrli:unit"))),
        "context after the entries": (
            BRIEF_MONTH,
            lambda root: at(root, "xbrli:xbrl").append(at(root, "xbrli:context")),
        ),
        "second entries": (BRIEF_MONTH, twice("gl-cor:accountingEntries")),
        "second instance": (BRIEF_MONTH, twice("xbrli:xbrl")),
        "two measures in a unit": (BRIEF_MONTH, twice("xbrli:measure")),
        "a unit without measure": (BRIEF_MONTH, without("xbrli:measure")),
        "no units": (BRIEF_MONTH, all_of(without("xbrli:unit"), without("xbrli:unit"))),
        "books in dollars": (
            BRIEF_MONTH,
            inside(info, '<gl-muc:defaultCurrency contextRef="{context}">iso4217:USD</gl-muc:defaultCurrency>'),
        ),
        "books in dollars, unit TRY": (
            BRIEF_MONTH,
            all_of(
                attribute("xbrli:unit", "id", "TRY"),
                inside(info, '<gl-muc:defaultCurrency contextRef="{context}">iso4217:USD</gl-muc:defaultCurrency>'),
            ),
        ),
        "amounts' currency without the books'": (
            BRIEF_MONTH,
            lambda root: after(
                "gl-cor:amount", '<gl-muc:amountCurrency contextRef="{context}">iso4217:TRY</gl-muc:amountCurrency>'
            )(root),
        ),
        "amounts' currency with the books'": (
            Month(BRIEF, currency="TRY"),
            after("gl-cor:amount", '<gl-muc:amountCurrency contextRef="{context}">iso4217:TRY</gl-muc:amountCurrency>'),
        ),
        "year of a day": (
            BRIEF_MONTH,
            all_of(all_texts("gl-bus:fiscalYearStart", "2025-03-01"), all_texts("gl-bus:fiscalYearEnd", "2025-03-01")),
        ),
        "year from July": (
            BRIEF_MONTH,
            all_of(all_texts("gl-bus:fiscalYearStart", "2024-07-01"), all_texts("gl-bus:fiscalYearEnd", "2025-06-30")),
        ),
        "another month's end": (BRIEF_MONTH, text("gl-cor:periodCoveredEnd", "2025-04-01")),
        "another year's end": (BRIEF_MONTH, text("gl-cor:periodCoveredEnd", "2026-03-31")),
        "root with an id": (BRIEF_MONTH, lambda root: root.set("id", "x")),
        "root with decimals": (BRIEF_MONTH, lambda root: root.set("decimals", "2")),
        "another root": (BRIEF_MONTH, lambda root: setattr(root, "tag", f"{{{NAMESPACES['edefter']}}}beratX")),
    }
    return made


def of_names() -> Made:
    identifiers, path = "gl-bus:organizationIdentifiers", "gl-bus:organizationDescription"
    branch = Month(BRIEF, branch="0003")
    return {
        "no firm's name": (BRIEF_MONTH, without(identifiers)),
        "firm's name twice": (BRIEF_MONTH, twice(identifiers)),
        "firm's and person's name": (BRIEF_MONTH, all_of(twice(identifiers), text(path, "Adı Soyadı", 1))),
        "a person's name for a firm": (BRIEF_MONTH, text(path, "Adı Soyadı")),
        "a firm's name for a person": (Month(BRIEF, tax_id=PERSON), text(path, "Kurum Unvanı")),
        "a name of one letter": (BRIEF_MONTH, text("gl-bus:organizationIdentifier", "A")),
        "a person's name of one letter": (Month(BRIEF, tax_id=PERSON), text("gl-bus:organizationIdentifier", " A ")),
        "a name's place twice": (BRIEF_MONTH, twice("gl-bus:organizationIdentifier")),
        "a name's kind twice": (BRIEF_MONTH, twice(path)),
        "branch without a number": (branch, without(identifiers, 1)),
        "branch without a name": (branch, without(identifiers, 2)),
        "branch's number twice": (branch, twice(identifiers, 1)),
        "branch's name twice": (branch, twice(identifiers, 2)),
        "branch's number and name twice": (branch, all_of(twice(identifiers, 2), twice(identifiers, 1))),
        "branch's number of three digits": (branch, text("gl-bus:organizationIdentifier", "003", 1)),
        "branch's number of five digits": (branch, text("gl-bus:organizationIdentifier", "00003", 1)),
        "branch's number with blanks": (branch, text("gl-bus:organizationIdentifier", " 0003 ", 1)),
        "branch's number with a letter": (branch, text("gl-bus:organizationIdentifier", "000A", 1)),
        "branch's number nought": (branch, text("gl-bus:organizationIdentifier", "0000", 1)),
        "another branch's number": (branch, text("gl-bus:organizationIdentifier", "0004", 1)),
        "branch's name of one letter": (branch, text("gl-bus:organizationIdentifier", "O", 2)),
        "no names' kinds": (branch, without(path, 1)),
        "two addresses": (
            BRIEF_MONTH,
            all_of(twice("gl-bus:organizationAddress"), without("gl-bus:organizationAddressCity")),
        ),
        "two accountants": (
            BRIEF_MONTH,
            all_of(twice("gl-bus:accountantInformation"), text("gl-bus:accountantName", " ")),
        ),
        "two telephones": (BRIEF_MONTH, all_of(twice("gl-bus:entityPhoneNumber"), text("gl-bus:phoneNumber", " ", 1))),
    }
