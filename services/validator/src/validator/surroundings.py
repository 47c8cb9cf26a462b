"""What stands around a document's entries: context, units, data of the ledger and the firm, attachments, signatures."""

from lxml import etree

from validator.currencies import is_of_iso_4217, may_be_currency
from validator.facts import Facts
from validator.node import Node
from validator.rules.model import Place
from validator.tester import Tester


class Surroundings:
    """Reads each of these elements, keeps what rules ask of it, and has it tested."""

    def __init__(self, facts: Facts, tester: Tester, *, takes_globals: bool) -> None:
        """Begin a document; without `takes_globals` the rules' global variables are known already."""
        self._facts = facts
        self._tester = tester
        self._takes_globals = takes_globals

    def context(self, element: etree._Element) -> None:
        """An xbrli:context."""
        node = self._tester.read(element)
        self._facts.contexts += 1
        if self._facts.context is None:
            self._facts.context = node
        if self._takes_globals:
            self._facts.globals.of_context(node)
        for entity in node.all("xbrli:entity"):
            self._tester.test_or_hold(Place.CONTEXT_ENTITY, entity)
        for identifier in node.all("xbrli:entity/xbrli:identifier"):
            self._tester.test_or_hold(Place.IDENTIFIER, identifier)
            self._tester.frame.check_tax_id(identifier)

    def unit(self, element: etree._Element) -> None:
        """An xbrli:unit."""
        node = self._tester.read(element)
        facts = self._facts
        facts.units += 1
        facts.currency_units += may_be_currency(node.get("id") or "")
        for measure in node.all("xbrli:measure"):
            facts.measures += 1
            facts.currency_measures += is_of_iso_4217(measure.string)
            alone = Node.shell(element)
            alone.add(measure)
            self._tester.test_or_hold(Place.MEASURE, alone)

    def document_info(self, element: etree._Element) -> None:
        """A gl-cor:documentInfo."""
        node = self._tester.read(element)
        self._facts.document_infos += 1
        if self._facts.document_info is None:
            self._facts.document_info = node
        if self._takes_globals:
            self._facts.globals.of_info(node)
        self._tester.test_or_hold(Place.DOCUMENT_INFO, node)

    def entity_information(self, element: etree._Element) -> None:
        """A gl-cor:entityInformation."""
        node = self._tester.read(element)
        self._facts.entity_informations += 1
        if self._facts.entity_information is None:
            self._facts.entity_information = node
        self._tester.test_or_hold(Place.ENTITY_INFORMATION, node)
        for place, path in (
            (Place.ACCOUNTANT, "gl-bus:accountantInformation"),
            (Place.PHONE, "gl-bus:entityPhoneNumber"),
            (Place.EMAIL, "gl-bus:entityEmailAddressStructure"),
            (Place.WEB_SITE, "gl-bus:entityWebSite"),
        ):
            for below in node.all(path):
                self._tester.test_or_hold(place, below)

    def attachment(self, element: etree._Element) -> None:
        """A defterek:binaryObject."""
        self._facts.attachments += 1
        self._tester.test(Place.ATTACHMENT, self._tester.read_unsearched(element))

    def signature_value(self, element: etree._Element) -> None:
        """A ds:SignatureValue that stands by itself: a berat's copy of the ledger's."""
        node = self._tester.read_unsearched(element)
        self._facts.has_bare_signature_value = True
        self._facts.bare_signature_value = "".join(node.text.split())

    def signature(self, element: etree._Element) -> None:
        """A ds:Signature."""
        self._facts.signed = self._facts.has_signature = True
        node = self._tester.read_unsearched(element)
        self._facts.signature_value = "".join((node.value("ds:SignatureValue") or "").split()) or None
        self._tester.test(Place.SIGNATURE, node)
        for data in node.all("ds:KeyInfo/ds:X509Data"):
            self._tester.test(Place.X509_DATA, data)
            for subject in data.all("ds:X509SubjectName"):
                self._tester.test(Place.X509_SUBJECT, subject)

    def hash_value(self, element: etree._Element) -> None:
        """A HashValue: the document says that it is signed."""
        self._tester.read_unsearched(element)
        self._facts.signed = True
