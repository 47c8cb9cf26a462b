"""The duties of each kind: a berat's ten lines and its ledger's signature, a report's pairs of lines."""

import base64
import re
from typing import Final

from lxml import etree

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE, DocumentName
from defterhane.edefter.vocabulary import NO_TAX_DETAIL, TAX_ACCOUNTS
from sandbox.gib.facts import SEGMENT, Facts, amount, check_frame, demand, nodes, read_facts, text
from sandbox.gib.packages import Rejected

_HEADERS: Final = "xbrli:xbrl/gl-cor:accountingEntries/gl-cor:entryHeader"
_SIZE: Final = re.compile(r"\d{1,9}\.\d{2}")
_COUNT: Final = re.compile(r"\d{1,9}")
_SHORTEST_SIGNATURE: Final = 64
"""Bytes: no seal makes a shorter one (P-384: 96, RSA-2048: 256)."""


def check_document(root: etree._Element, name: DocumentName) -> Facts:
    """Check everything that one document can be judged by alone, but its schema and signature.

    Raises:
        Rejected: a duty is not done.
    """
    check_frame(root, name)
    return read_facts(root, name, _berat(root, name) if name.kind.is_berat else _report(root))


def ledger_signature(root: etree._Element) -> bytes:
    """The ledger's SignatureValue that a berat repeats, bare, just before its own Signature.

    Raises:
        Rejected: there is none, or it is none.
    """
    values, signatures = nodes(root, "ds:SignatureValue"), nodes(root, "ds:Signature")
    demand(len(values) == 1, "Berat, defterin ds:SignatureValue değerini bir kez içermelidir.")
    demand(
        len(signatures) == 1 and values[0].getnext() is signatures[0],
        "Defterin ds:SignatureValue değeri, beratın imzasından hemen önce bulunmalıdır.",
    )
    try:
        value = base64.b64decode("".join((values[0].text or "").split()), validate=True)
    except ValueError as error:
        raise Rejected("Defterin ds:SignatureValue değeri base64 biçiminde olmalıdır.") from error
    demand(len(value) >= _SHORTEST_SIGNATURE, "Defterin ds:SignatureValue değeri geçerli bir imza değil.")
    return value


def ledger_size(root: etree._Element) -> str:
    """The size of its ledger that a berat tells, in MiB with two decimals.

    Raises:
        Rejected: it tells none.
    """
    size = text(root, f"{SEGMENT}/gl-bus:measurableQuantity")
    demand(
        _SIZE.fullmatch(size) and size.strip("0") != ".",
        "gl-bus:measurableQuantity, defterin boyutunu iki ondalıkla göstermelidir.",
    )
    return size


def _berat(root: etree._Element, name: DocumentName) -> dict[str, int] | None:
    ledger_signature(root)
    entries = text(root, f"{SEGMENT}/gl-bus:numberOfEntries")
    if name.kind is DocumentKind.JOURNAL_BERAT:
        demand(_COUNT.fullmatch(entries), "Yevmiye beratında gl-bus:numberOfEntries zorunludur.")
        demand(name.part != WHOLE or int(entries), "Aylık yevmiye defteri en az bir madde içermelidir.")
    else:
        demand(not entries, "gl-bus:numberOfEntries yalnızca yevmiye beratında bulunabilir.")
    ledger_size(root)
    headers = nodes(root, _HEADERS)
    if text(root, f"{SEGMENT}/gl-cor:identifierAuthorityCode") == NO_TAX_DETAIL:
        demand(not headers, "Vergi detaysız beratta gl-cor:entryHeader bulunamaz.")
        return None
    lines = _lines(headers)
    expected = [(account, side) for account in TAX_ACCOUNTS for side in "DC"]
    demand(
        sorted((account, side) for account, side, _ in lines) == sorted(expected),
        "Vergi detayı 391, 191, 600, 601 ve 602 hesaplarının borç ve alacak toplamlarından (10 satır) oluşmalıdır.",
    )
    return {f"{account}{side}": kurus for account, side, kurus in lines}


def _report(root: etree._Element) -> dict[str, int]:
    headers = nodes(root, _HEADERS)
    lines = _lines(headers)
    demand(lines, "Defter raporu en az bir hesap içermelidir.")
    accounts = [account for account, _, _ in lines[::2]]
    expected = [(account, side) for account in accounts for side in "DC"]
    demand(
        [(account, side) for account, side, _ in lines] == expected and accounts == sorted(set(accounts)),
        "Defter raporu, hesap sırasında her hesap için bir borç ve bir alacak satırı içermelidir.",
    )
    for detail in nodes(headers[0], "gl-cor:entryDetail"):
        count = text(detail, "gl-cor:documentApplyToNumber")
        demand(_COUNT.fullmatch(count), "gl-cor:documentApplyToNumber satır sayısını göstermelidir.")
    totals = {f"{account}{side}": kurus for account, side, kurus in lines}
    debit = sum(kurus for key, kurus in totals.items() if key.endswith("D"))
    demand(2 * debit == sum(totals.values()), "Defter raporunun borç ve alacak toplamları eşit olmalıdır.")
    return totals


def _lines(headers: list[etree._Element]) -> list[tuple[str, str, int]]:
    """(main account, side, kuruş) of the one entryHeader's lines."""
    demand(len(headers) == 1, "gl-cor:entryHeader elemanı bir kez bulunmalıdır.")
    demand(text(headers[0], "gl-cor:qualifierEntry") == "standard", "gl-cor:qualifierEntry 'standard' olmalıdır.")
    found = []
    for number, detail in enumerate(nodes(headers[0], "gl-cor:entryDetail"), start=1):
        account, side = text(detail, "gl-cor:account/gl-cor:accountMainID"), text(detail, "gl-cor:debitCreditCode")
        demand(text(detail, "gl-cor:lineNumber") == str(number), "gl-cor:lineNumber 1'den başlayarak birer artmalıdır.")
        demand(
            len(account) in (3, 4) and side in ("D", "C"), f"{number}. satırın hesabı ya da borç/alacak kodu hatalı."
        )
        demand(
            text(detail, "gl-cor:account/gl-cor:accountMainDescription"),
            "gl-cor:accountMainDescription elemanı zorunludur ve boş olamaz.",
        )
        demand(
            text(detail, "gl-cor:xbrlInfo/gl-cor:xbrlInclude") == "period_change",
            "gl-cor:xbrlInclude 'period_change' olmalıdır.",
        )
        found.append((account, side, amount(detail)))
    return found
