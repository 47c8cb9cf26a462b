"""What a schema error means, in plain words. libxml2's messages are read here and nowhere else."""

import re
from dataclasses import dataclass
from typing import Final

from lxml import etree

from defterhane.edefter.vocabulary import NAMESPACES
from defterhane.texts import Text

CURE: Final = Text(
    tr="Değer yanlışsa ERP'de düzeltip ayı yeniden gönderin; elemanın yeri veya adı yanlışsa ayı yeniden dönüştürün,"
    " yine çıkarsa desteğe bildirin (belgeyi başka bir yazılım hazırladıysa orada düzeltin).",
    en="If a value is wrong, correct it in the ERP and send the month again; if an element's place or name is wrong,"
    " convert the month again, and tell support if it comes back (where another program made the document, mend it"
    " there).",
)
_UNEXPECTED = Text(
    tr="{element} elemanı burada bulunamaz. Beklenen: {expected}.",
    en="{element} must not stand here. Expected: {expected}.",
)
_CHILD_MISSING = Text(
    tr="{element} elemanının içi eksik. Beklenen: {expected}.",
    en="Something is missing in {element}. Expected: {expected}.",
)
_NOT_IN_LIST = Text(
    tr="{element} elemanının değeri '{value}' olamaz. Olabilecekler: {expected}.",
    en="{element} cannot be '{value}'. It can be: {expected}.",
)
_WRONG_VALUE = Text(
    tr="{element} elemanının değeri ('{value}') {kind} değil.",
    en="The value of {element} ('{value}') is not {kind}.",
)
_ATTRIBUTE_MISSING = Text(
    tr="{element} elemanında {attribute} niteliği eksik.", en="{element} lacks the attribute {attribute}."
)
_ATTRIBUTE_UNKNOWN = Text(
    tr="{element} elemanında {attribute} niteliği bulunamaz.",
    en="{element} must not have the attribute {attribute}.",
)
_ATTRIBUTE_VALUE = Text(
    tr="{element} elemanının {attribute} niteliğinin değeri ('{value}') geçerli değil.",
    en="The value of {element}'s attribute {attribute} ('{value}') is not valid.",
)
_NO_TEXT = Text(
    tr="{element} elemanının içinde, alt elemanların arasında metin bulunamaz.",
    en="Text must not stand between the elements in {element}.",
)
_NO_CHILD = Text(tr="{element} elemanının içinde başka eleman bulunamaz.", en="No element must stand inside {element}.")
_NIL = Text(tr="{element} elemanı xsi:nil ile boş bırakılamaz.", en="{element} must not be left empty by xsi:nil.")
_NO_ROOT = Text(
    tr="{element} bir e-Defter belgesinin kök elemanı değil.",
    en="{element} is not the root of an e-Defter document.",
)
_OTHER = Text(tr="{element} elemanı e-Defter şemasına uymuyor.", en="{element} is not as the e-Defter schema wants it.")

_KINDS = {
    "decimal": Text(tr="bir sayı", en="a number"),
    "integer": Text(tr="bir tam sayı", en="a whole number"),
    "date": Text(tr="bir tarih (YYYY-AA-GG)", en="a date (YYYY-MM-DD)"),
    "dateTime": Text(tr="bir tarih ve saat", en="a date and time"),
    "day": Text(tr="bir tarih (YYYY-AA-GG)", en="a date (YYYY-MM-DD)"),
    "boolean": Text(tr="true veya false", en="true or false"),
    "QName": Text(tr="tanımlı bir ön ekle yazılmış bir ad", en="a name with a known prefix"),
    "base64Binary": Text(tr="base64", en="base64"),
}
_VALID_VALUE = Text(tr="geçerli bir değer", en="a valid value")
_EXPECTED_SHOWN = 6
_VALUE_SHOWN = 200

_MESSAGE = re.compile(r"Element '([^']*)'(?:, attribute '([^']*)')?: (.*)", re.DOTALL)
_EXPECTED = re.compile(r"Expected is (?:one of )?\( (.*) \)")
_IN_LIST = re.compile(r"The value '(.*)' is not an element of the set \{(.*)\}", re.DOTALL)
_OF_TYPE = re.compile(r"'(.*)' is not a valid value of the [a-z ]*type '([^']*)'", re.DOTALL)
_OF_PATTERN = re.compile(r"\[facet 'pattern'\] The value '(.*)' is not accepted by the pattern", re.DOTALL)
_ATTRIBUTE = re.compile(r"The attribute '([^']*)'")
_PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}


@dataclass(frozen=True, slots=True)
class SchemaError:
    """One schema error in plain words; `element` is its name with the usual prefix."""

    message: Text
    element: str
    value: str | None


def says_it_again(entry: etree._LogEntry) -> bool:
    """True for a message that libxml2 puts before the one that tells the wrong value."""
    return "has no corresponding namespace declaration" in entry.message


def explain(entry: etree._LogEntry) -> SchemaError:
    """Say in plain words what libxml2 says of a document."""
    match = _MESSAGE.match(entry.message)
    if match is None:
        return SchemaError(_OTHER.format(element="?"), "?", None)
    element, rest = prefixed(match[1]), match[3]
    attribute = prefixed(match[2]) if match[2] else None
    named = _ATTRIBUTE.match(rest)
    if named is not None:
        text = _ATTRIBUTE_MISSING if "required" in rest else _ATTRIBUTE_UNKNOWN
        return SchemaError(text.format(element=element, attribute=prefixed(named[1])), element, None)
    in_list, of_type = _IN_LIST.search(rest), _OF_TYPE.search(rest)
    found = in_list or of_type or _OF_PATTERN.search(rest)
    value = found[1][:_VALUE_SHOWN] if found else None
    if attribute is not None:
        return SchemaError(
            _ATTRIBUTE_VALUE.format(element=element, attribute=attribute, value=value or ""), element, value
        )
    return SchemaError(_element_text(element, value, rest, in_list, of_type), element, value)


def _element_text(
    element: str, value: str | None, rest: str, in_list: re.Match[str] | None, of_type: re.Match[str] | None
) -> Text:
    if in_list is not None:
        return _NOT_IN_LIST.format(element=element, value=value, expected=in_list[2].replace("'", ""))
    if value is not None:
        kind = _KINDS.get(re.split("[:}]", of_type[2])[-1], _VALID_VALUE) if of_type is not None else _VALID_VALUE
        said = {"element": element, "value": value}
        return Text(tr=_WRONG_VALUE.tr.format(kind=kind.tr, **said), en=_WRONG_VALUE.en.format(kind=kind.en, **said))
    expected = _expected(rest)
    for start, text in (
        ("This element is not expected", _UNEXPECTED),
        ("Missing child", _CHILD_MISSING),
        ("Character content", _NO_TEXT),
        ("Element content", _NO_CHILD),
        ("The element is not 'nillable'", _NIL),
        ("No matching global", _NO_ROOT),
    ):
        if rest.startswith(start):
            return text.format(element=element, expected=expected)
    return _OTHER.format(element=element)


def _expected(rest: str) -> str:
    match = _EXPECTED.search(rest)
    if match is None:
        return "–"
    names = [prefixed(name.strip()) for name in match[1].split(", ")]
    return ", ".join(names[:_EXPECTED_SHOWN]) + (" …" if len(names) > _EXPECTED_SHOWN else "")


def prefixed(name: str) -> str:
    """`{http://…/cor/2006-10-25}amount` → `gl-cor:amount`; a foreign namespace is left away."""
    uri, closed, local = name.removeprefix("{").rpartition("}")
    prefix = _PREFIXES.get(uri) if closed else None
    return f"{prefix}:{local[:_VALUE_SHOWN]}" if prefix else local[:_VALUE_SHOWN]
