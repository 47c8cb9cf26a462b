"""What stands before the entries in every document: context, units, documentInfo, entityInformation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from converter.reading.clean import clean
from converter.writing.canonical import element, open_root, start_tag
from converter.writing.items import COUNTABLE, Items, measure_of, unit_of
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.period import Period, Span
from defterhane.edefter.vocabulary import (
    BOOK_CURRENCY,
    BRANCH_NAME,
    BRANCH_NUMBER,
    FULL_NAME,
    IDENTIFIER_SCHEME,
    SCHEMA_REF,
    TITLE,
)
from defterhane.tenant import Accountant, Address, Tenant

MONTHS: Final = (
    "Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran",
    "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım", "Aralık",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heading:
    """What is the same in all documents of one part."""

    tenant: Tenant
    branch: str | None
    span: Span
    created: date
    """creationDate and the context's instant (rules Y037, K040, B069: not before the span's end)."""
    source_application: str
    """`<maker VKN>##<maker>##<program>##<version>`."""

    @property
    def period(self) -> Period:
        """The month."""
        return Period.of(self.span.start)


class _MasterItems(Items):
    """Items whose texts are master data: without anything that XML cannot hold."""

    def text(self, name: str, value: str) -> str:
        return super().text(name, clean(value)[0])

    def optional(self, name: str, value: str | None) -> str:
        """A text, or nothing where there is none."""
        return self.text(name, value) if value and value.strip() else ""


def group(name: str, parts: Iterable[str]) -> str:
    """A tuple: an element that holds elements; nothing at all where it would be empty."""
    inside = "".join(parts)
    return f"<{name}>\n{inside}</{name}>\n" if inside else ""


def opening(kind: DocumentKind, unique_id: str, heading: Heading, segment: str = "") -> str:
    """Everything up to the first entryHeader. `segment` is the canonical content of the context's segment."""
    context = kind.traits.context_id
    currency = heading.tenant.currency
    items = _MasterItems(context, currency)
    identifier = element("xbrli:identifier", heading.tenant.tax_id, {"scheme": IDENTIFIER_SCHEME})
    created = heading.created.isoformat()
    return "".join(
        (
            open_root(kind),
            "<xbrli:xbrl>\n",
            element("link:schemaRef", "", {"xlink:href": SCHEMA_REF, "xlink:type": "simple"}),
            start_tag("xbrli:context", {"id": context}) + "\n",
            group("xbrli:entity", (identifier, group("xbrli:segment", (segment,)))),
            group("xbrli:period", (element("xbrli:instant", created),)),
            "</xbrli:context>\n",
            _unit(unit_of(currency), measure_of(currency)),
            _unit(COUNTABLE, "xbrli:pure"),
            "<gl-cor:accountingEntries>\n",
            group("gl-cor:documentInfo", _document_info(kind, unique_id, heading, items)),
            group("gl-cor:entityInformation", _entity(heading, items)),
        )
    )


CLOSING: Final = "</gl-cor:accountingEntries>\n</xbrli:xbrl>\n"
"""What stands between the last entryHeader and the root's end."""


def _unit(name: str, measure: str) -> str:
    return f"{start_tag('xbrli:unit', {'id': name})}\n{element('xbrli:measure', measure)}</xbrli:unit>\n"


def _document_info(kind: DocumentKind, unique_id: str, heading: Heading, items: _MasterItems) -> Iterable[str]:
    month = heading.period
    yield items.text("gl-cor:entriesType", kind.traits.entries_type)
    yield items.text("gl-cor:uniqueID", unique_id)
    yield items.text("gl-cor:language", "iso639:tr")
    yield items.text("gl-cor:creationDate", heading.created.isoformat())
    yield items.text("gl-bus:creator", heading.tenant.creator)
    yield items.text("gl-cor:entriesComment", f"{MONTHS[month.month - 1]} {month.year}")
    yield items.text("gl-cor:periodCoveredStart", heading.span.start.isoformat())
    yield items.text("gl-cor:periodCoveredEnd", heading.span.end.isoformat())
    yield items.text("gl-bus:sourceApplication", heading.source_application)
    if items.currency != BOOK_CURRENCY:
        yield items.text("gl-muc:defaultCurrency", measure_of(items.currency))


def _entity(heading: Heading, items: _MasterItems) -> Iterable[str]:
    tenant = heading.tenant
    year = tenant.fiscal_year(heading.period)
    text = items.text
    yield group(
        "gl-bus:entityPhoneNumber",
        (text("gl-bus:phoneNumberDescription", "main"), text("gl-bus:phoneNumber", tenant.phone)),
    )
    yield group("gl-bus:entityFaxNumberStructure", (items.optional("gl-bus:entityFaxNumber", tenant.fax),))
    yield group("gl-bus:entityEmailAddressStructure", (text("gl-bus:entityEmailAddress", tenant.email),))
    yield _identifier(items, tenant.title, FULL_NAME if tenant.is_person else TITLE)
    branch = tenant.branch(heading.branch) if heading.branch else None
    if branch is not None:
        yield _identifier(items, branch.number, BRANCH_NUMBER)
        yield _identifier(items, branch.name, BRANCH_NAME)
    yield group("gl-bus:organizationAddress", _address(tenant.address, items))
    yield group("gl-bus:entityWebSite", (text("gl-bus:webSiteURL", tenant.website),))
    yield text("gl-bus:businessDescription", tenant.business_description)
    yield text("gl-bus:fiscalYearStart", year.start.isoformat())
    yield text("gl-bus:fiscalYearEnd", year.end.isoformat())
    yield group("gl-bus:accountantInformation", _accountant(tenant.accountant, items))


def _identifier(items: _MasterItems, identifier: str, description: str) -> str:
    return group(
        "gl-bus:organizationIdentifiers",
        (
            items.text("gl-bus:organizationIdentifier", identifier),
            items.text("gl-bus:organizationDescription", description),
        ),
    )


def _address(address: Address, items: _MasterItems) -> Iterable[str]:
    yield items.text("gl-bus:organizationBuildingNumber", address.building_number)
    yield items.text("gl-bus:organizationAddressStreet", address.street)
    yield items.optional("gl-bus:organizationAddressStreet2", address.street2)
    yield items.text("gl-bus:organizationAddressCity", address.city)
    yield items.text("gl-bus:organizationAddressZipOrPostalCode", address.postal_code)
    yield items.text("gl-bus:organizationAddressCountry", address.country)


def _accountant(accountant: Accountant, items: _MasterItems) -> Iterable[str]:
    yield items.text("gl-bus:accountantName", accountant.name)
    if accountant.address is not None:
        address = accountant.address
        yield group(
            "gl-bus:accountantAddress",
            (
                items.text("gl-bus:accountantBuildingNumber", address.building_number),
                items.text("gl-bus:accountantStreet", address.street),
                items.optional("gl-bus:accountantAddressStreet2", address.street2),
                items.text("gl-bus:accountantCity", address.city),
                items.text("gl-bus:accountantCountry", address.country),
                items.text("gl-bus:accountantZipOrPostalCode", address.postal_code),
            ),
        )
    yield items.text("gl-bus:accountantEngagementTypeDescription", accountant.engagement)
    yield group(
        "gl-bus:accountantContactInformation",
        (
            _contact(items, "Phone", "PhoneNumber", accountant.phone, "PhoneNumberDescription"),
            _contact(items, "Fax", "FaxNumber", accountant.fax),
            _contact(items, "Email", "EmailAddress", accountant.email),
        ),
    )


def _contact(items: _MasterItems, outer: str, inner: str, value: str | None, described: str | None = None) -> str:
    told = items.optional(f"gl-bus:accountantContact{inner}", value)
    if told and described:
        told = items.text(f"gl-bus:accountantContact{described}", "bookkeeper") + told
    return group(f"gl-bus:accountantContact{outer}", (told,))
