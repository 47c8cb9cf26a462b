"""Ways to write a document otherwise, byte by byte: another spelling of the same, or something that looks the same.

Each changes the last place that it fits, so that a reader has seen many lines written in the usual way before.
"""

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from defterhane.edefter.vocabulary import NAMESPACES

Spelling: TypeAlias = Callable[[bytes], bytes]
_COR = NAMESPACES["gl-cor"].encode()
_BUS = NAMESPACES["gl-bus"].encode()


def last_replaced(old: bytes, new: bytes) -> Spelling:
    """The last occurrence of some bytes replaced."""

    def spell(data: bytes) -> bytes:
        before, found, after = data.rpartition(old)
        assert found, f"{old!r} is not in the document"
        return before + new + after

    return spell


def all_replaced(old: bytes, new: bytes) -> Spelling:
    """Every occurrence of some bytes replaced."""

    def spell(data: bytes) -> bytes:
        assert old in data, f"{old!r} is not in the document"
        return data.replace(old, new)

    return spell


def last_matched(pattern: bytes, new: bytes) -> Spelling:
    """The last match of a pattern replaced; `new` may refer to groups."""
    compiled = re.compile(pattern, re.DOTALL)

    def spell(data: bytes) -> bytes:
        *_, match = compiled.finditer(data)
        return data[: match.start()] + match.expand(new) + data[match.end() :]

    return spell


def last_element(name: bytes, wrap: tuple[bytes, bytes]) -> Spelling:
    """The last element of a name put between two texts."""

    def spell(data: bytes) -> bytes:
        start, end = data.rindex(b"<" + name + b">"), data.rindex(b"</" + name + b">") + len(name) + 3
        return data[:start] + wrap[0] + data[start:end] + wrap[1] + data[end:]

    return spell


_AMOUNT = rb"<gl-cor:amount ([^>]*)>([0-9.]*)</gl-cor:amount>"
_LINE = b"gl-cor:entryDetail"
_HEADER = b"gl-cor:entryHeader"

LATE: Final[dict[str, Spelling]] = {
    # the same, written otherwise
    "amount in CDATA": last_matched(_AMOUNT, rb"<gl-cor:amount \1><![CDATA[\2]]></gl-cor:amount>"),
    "amount partly in CDATA": last_matched(_AMOUNT, rb"<gl-cor:amount \1>0<![CDATA[\2]]></gl-cor:amount>"),
    "amount with a character reference": last_matched(_AMOUNT, rb"<gl-cor:amount \1>&#48;\2</gl-cor:amount>"),
    "amount with a hexadecimal reference": last_matched(_AMOUNT, rb"<gl-cor:amount \1>\2&#x30;</gl-cor:amount>"),
    "amount after a tab reference": last_matched(_AMOUNT, rb"<gl-cor:amount \1>&#9;\2</gl-cor:amount>"),
    "amount after a non-breaking blank": last_matched(_AMOUNT, rb"<gl-cor:amount \1>&#160;\2</gl-cor:amount>"),
    "amount with its attributes turned round": last_matched(
        rb'<gl-cor:amount (contextRef="[^"]*") (decimals="INF") (unitRef="[^"]*")>', rb"<gl-cor:amount \3 \2 \1>"
    ),
    "amount with single quotes": last_matched(
        rb'<gl-cor:amount contextRef="([^"]*)"', rb"<gl-cor:amount contextRef='\1'"
    ),
    "amount with blanks in its tags": last_matched(_AMOUNT, rb"<gl-cor:amount  \1 >\2</gl-cor:amount >"),
    "amount with a line end in its tag": last_matched(_AMOUNT, rb"<gl-cor:amount\n\1\n>\2</gl-cor:amount\n>"),
    "amount with a reference in an attribute": last_matched(
        rb'<gl-cor:amount ([^>]*)decimals="INF"', rb'<gl-cor:amount \1decimals="&#73;NF"'
    ),
    "amount with a blank in an attribute": last_matched(
        rb'<gl-cor:amount ([^>]*)decimals="INF"', rb'<gl-cor:amount \1decimals=" INF"'
    ),
    "amount with a line end in an attribute": last_matched(
        rb'<gl-cor:amount ([^>]*)decimals="INF"', rb'<gl-cor:amount \1decimals="INF\n"'
    ),
    "amount without decimals": last_matched(rb'<gl-cor:amount ([^>]*) decimals="INF"', rb"<gl-cor:amount \1"),
    "amount with a precision": last_matched(
        rb'<gl-cor:amount ([^>]*)decimals="INF"', rb'<gl-cor:amount \1decimals="INF" precision="INF"'
    ),
    "amount under another prefix": last_matched(_AMOUNT, rb'<c:amount xmlns:c="' + _COR + rb'" \1>\2</c:amount>'),
    "amount in the default namespace": last_matched(_AMOUNT, rb'<amount xmlns="' + _COR + rb'" \1>\2</amount>'),
    "amount of a prefix bound anew": last_matched(
        _AMOUNT, rb'<gl-cor:amount xmlns:gl-cor="' + _BUS + rb'" \1>\2</gl-cor:amount>'
    ),
    "amount twice, the second in a comment": last_matched(
        _AMOUNT, rb"<gl-cor:amount \1>\2</gl-cor:amount><!--<gl-cor:amount \1>1</gl-cor:amount>-->"
    ),
    "amount in a comment": last_matched(_AMOUNT, rb"<!--<gl-cor:amount \1>\2</gl-cor:amount>-->"),
    "amount in an instruction": last_matched(_AMOUNT, rb"<?pi <gl-cor:amount \1>\2</gl-cor:amount>?>"),
    "amount with a child": last_matched(_AMOUNT, rb"<gl-cor:amount \1><b>\2</b></gl-cor:amount>"),
    "amount without end tag's text": last_matched(_AMOUNT, rb"<gl-cor:amount \1/>"),
    "a comment that holds the end of a line": last_replaced(
        b"</gl-cor:amount>", b"</gl-cor:amount><!--</gl-cor:entryDetail></gl-cor:entryHeader>-->"
    ),
    "a comment between lines": last_replaced(b"<" + _LINE + b">", b"<!--<gl-cor:entryDetail>--><" + _LINE + b">"),
    "an instruction between lines": last_replaced(b"<" + _LINE + b">", b"<?pi <gl-cor:entryDetail>?><" + _LINE + b">"),
    "a text between lines": last_replaced(b"<" + _LINE + b">", b"x<" + _LINE + b">"),
    "a text in CDATA between lines": last_replaced(
        b"<" + _LINE + b">", b"<![CDATA[<gl-cor:entryDetail></gl-cor:entryDetail>]]><" + _LINE + b">"
    ),
    "an empty CDATA between lines": last_replaced(b"<" + _LINE + b">", b"<![CDATA[]]><" + _LINE + b">"),
    "a reference to a blank between lines": last_replaced(b"<" + _LINE + b">", b"&#32;<" + _LINE + b">"),
    "a non-breaking blank between lines": last_replaced(b"<" + _LINE + b">", b"&#160;<" + _LINE + b">"),
    "a next-line character between lines": last_replaced(b"<" + _LINE + b">", b"&#133;<" + _LINE + b">"),
    "a line in a comment": last_element(_LINE, (b"<!--", b"-->")),
    "a line in an instruction": last_element(_LINE, (b"<?pi ", b"?>")),
    "a line in CDATA": last_element(_LINE, (b"<![CDATA[", b"]]>")),
    "a line in a line": last_element(_LINE, (b"<gl-cor:entryDetail>", b"</gl-cor:entryDetail>")),
    "a line in a foreign element": last_element(_LINE, (b'<x xmlns="urn:foreign">', b"</x>")),
    "an entry in a comment": last_element(_HEADER, (b"<!--", b"-->")),
    "an entry in CDATA": last_element(_HEADER, (b"<![CDATA[", b"]]>")),
    "an entry in an entry": last_element(_HEADER, (b"<gl-cor:entryHeader>", b"</gl-cor:entryHeader>")),
    "an entry in a foreign element": last_element(_HEADER, (b'<x xmlns="urn:foreign">', b"</x>")),
    "an entry outside": last_matched(
        rb"(<gl-cor:entryHeader>(?:(?!<gl-cor:entryHeader>).)*</gl-cor:entryHeader>\s*)(</gl-cor:accountingEntries>\s*)",
        rb"\2\1",
    ),
    "a line with an attribute": last_replaced(b"<" + _LINE + b">", b'<gl-cor:entryDetail id="line">'),
    "a line with a blank in its tag": last_replaced(b"<" + _LINE + b">", b"<gl-cor:entryDetail >"),
    "a line that binds a prefix anew": last_replaced(
        b"<" + _LINE + b">", b'<gl-cor:entryDetail xmlns:gl-bus="' + _COR + b'">'
    ),
    "an entry that binds a prefix anew": last_replaced(
        b"<" + _HEADER + b">", b'<gl-cor:entryHeader xmlns:gl-bus="urn:foreign">'
    ),
    "an entry that binds a prefix as it is": last_replaced(
        b"<" + _HEADER + b">", b'<gl-cor:entryHeader xmlns:gl-bus="' + _BUS + b'">'
    ),
    "an entry with a default namespace": last_replaced(
        b"<" + _HEADER + b">", b'<gl-cor:entryHeader xmlns="' + _COR + b'">'
    ),
    "a line with no content": last_replaced(b"<" + _LINE + b">", b"<gl-cor:entryDetail/><gl-cor:entryDetail>"),
    "a line of blanks": last_replaced(
        b"<" + _LINE + b">", b"<gl-cor:entryDetail>  </gl-cor:entryDetail><gl-cor:entryDetail>"
    ),
    "an entry with no content": last_replaced(b"<" + _HEADER + b">", b"<gl-cor:entryHeader/><gl-cor:entryHeader>"),
    "a brace where a name was cut": last_replaced(b"</gl-cor:amount>", b"]]&gt;</gl-cor:amount>"),
    "a side in CDATA": last_matched(
        rb"(<gl-cor:debitCreditCode [^>]*>)(.)(</gl-cor:debitCreditCode>)", rb"\1<![CDATA[\2]]>\3"
    ),
    "a side by reference": last_matched(
        rb"(<gl-cor:debitCreditCode [^>]*>)D(</gl-cor:debitCreditCode>)", rb"\1&#68;\2"
    ),
    "a code with a comment in it": last_matched(
        rb"(<gl-cor:accountMainID [^>]*>)(.)([^<]*</gl-cor:accountMainID>)", rb"\1\2<!-- -->\3"
    ),
    "a code with an instruction in it": last_matched(
        rb"(<gl-cor:accountMainID [^>]*>)(.)([^<]*</gl-cor:accountMainID>)", rb"\1\2<?p ?>\3"
    ),
    "a number in other digits": last_matched(rb"(<gl-cor:lineNumber [^>]*>)[^<]*", "\\1١٠".encode()),
}
"""For documents with lines."""

WHOLE: Final[dict[str, Spelling]] = {
    "a byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "no declaration": lambda data: data.partition(b"\n")[2],
    "a declaration of its own": all_replaced(b'encoding="UTF-8"', b"encoding='utf-8' standalone='yes'"),
    "no stylesheet": lambda data: re.sub(rb"<\?xml-stylesheet[^>]*>\n", b"", data),
    "another stylesheet": all_replaced(b".xslt", b".xsl"),
    "two stylesheets": lambda data: re.sub(rb"(<\?xml-stylesheet[^>]*>\n)", rb"\1\1", data),
    "Windows line ends": all_replaced(b"\n", b"\r\n"),
    "old Macintosh line ends": all_replaced(b"\n", b"\r"),
    "no line ends": lambda data: data.partition(b"\n")[0] + b"\n" + data.partition(b"\n")[2].replace(b"\n", b""),
    "tabs for line ends": lambda data: (
        data.partition(b"\n")[0] + b"\n" + data.partition(b"\n")[2].replace(b">\n", b">\t")
    ),
    "comments around the root": lambda data: (
        data.partition(b"\n")[0]
        + b"\n<!-- <gl-cor:entryHeader> -->\n"
        + data.partition(b"\n")[2]
        + b"\n<!-- </edefter:defter> -->\n"
    ),
    "another prefix everywhere": lambda data: data.replace(b"gl-cor:", b"c:").replace(b"xmlns:gl-cor=", b"xmlns:c="),
    "prefixes changed with each other": lambda data: (
        data.replace(b"gl-cor:", b"\0").replace(b"gl-bus:", b"gl-cor:").replace(b"\0", b"gl-bus:")
    ),
    "another version of a namespace": all_replaced(b"gl/cor/2006-10-25", b"gl/cor/2016-12-01"),
    "a namespace in capitals": all_replaced(b"http://www.edefter.gov.tr", b"HTTP://www.edefter.gov.tr"),
    "another context id": lambda data: re.sub(rb'(contextRef|<xbrli:context id)="[a-z_]+"', rb'\1="other"', data),
    "a context id in capitals": lambda data: re.sub(
        rb'<xbrli:context id="([a-z_]+)"',
        lambda m: m[0].upper().replace(b"XBRLI:CONTEXT ID", b"xbrli:context id"),
        data,
    ),
    "another unit id": all_replaced(b'"try"', b'"lira"'),
    "a unit id in capitals": all_replaced(b'"try"', b'"TRY"'),
    "units in another order": lambda data: re.sub(
        rb'(<xbrli:unit id="try">.*?</xbrli:unit>\s*)(<xbrli:unit id="countable">.*?</xbrli:unit>)',
        rb"\2\1",
        data,
        flags=re.DOTALL,
    ),
    "no schema location": lambda data: re.sub(rb' xsi:schemaLocation="[^"]*"', b"", data),
}
"""For documents of all kinds."""
