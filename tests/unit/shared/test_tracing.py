"""Which rules the words of a rejection mean: found through whatever is put around and into them, and never guessed."""

import html
import random
import re
import time
from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defterhane.edefter.kinds import DocumentKind
from defterhane.rulebook import LIMIT, RULES, document_of, trace
from defterhane.rulebook.model import Document
from defterhane.rulebook.patterns import patterns_of

VALUE: Final = re.compile(r"\{[^{}]*\}")
OFFICIAL: Final = {rule_id: rule.official or "" for rule_id, rule in RULES.items()}
VALUES: Final = st.one_of(
    st.sampled_from(
        ["", "TRY", "iso4217:TRY", "-12.345", "1.000,50", "2025-01-31", "12,3 TL", "yok", "A.Ş. & Ortakları"]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=("C",)), max_size=40),
)


def shape(rule_id: str) -> str:
    """A message without its values: what a rejection can show of it."""
    return VALUE.sub("{}", OFFICIAL[rule_id])


def same_message(rule_id: str) -> set[str]:
    return {other for other in RULES if shape(other) == shape(rule_id)}


def filled(rule_id: str, value: str = "12.345") -> str:
    return VALUE.sub(lambda _: value, OFFICIAL[rule_id])


def test_each_message_is_its_own_rules() -> None:
    for rule_id in RULES:
        assert set(trace(filled(rule_id))) == same_message(rule_id)
        assert set(trace(filled(rule_id, ""))) == same_message(rule_id)


@given(rule_id=st.sampled_from(list(RULES)), data=st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_values_stand_in_a_message(rule_id: str, data: st.DataObject) -> None:
    text = VALUE.sub(lambda _: data.draw(VALUES), OFFICIAL[rule_id])
    assert set(trace(text)) == same_message(rule_id)


WAYS: Final[dict[str, Callable[[str], str]]] = {
    "wrapped": lambda text: f"Paket işlenirken hata oluştu. Hata : {text}",
    "without a space": lambda text: f"Paket işlenirken hata oluştu.Hata:{text}",
    "upper case in Turkish": lambda text: text.replace("i", "İ").replace("ı", "I").upper(),
    "upper case in English": str.upper,
    "no Turkish letters": lambda text: text.translate(str.maketrans("çğıöşüÇĞİÖŞÜ", "cgiosuCGIOSU")),
    "escaped": lambda text: html.escape(html.escape(text)),
    "broken into lines": lambda text: re.sub(r"\s+", " \r\n\t ", text),
    "hard spaces": lambda text: text.replace(" ", "\u00a0"),
    "soft hyphens": lambda text: text.replace("lar", "l\u00adar"),
    "a place before it": lambda text: f"/edefter:berat[1]/xbrli:xbrl[1]/gl-cor:accountingEntries[1]: {text}",
    "a bare place before it": lambda text: f"/edefter:berat/xbrli:xbrl/gl-cor:accountingEntries/gl-cor:uniqueID {text}",
    "in a list": lambda text: f"<ul><li>{text}</li></ul>",
    "no full stop": lambda text: text.removesuffix("."),
    "quoted": lambda text: f"GİB: «{text}» (dosya 1234567808-202501-YB-000000)",
}


@pytest.mark.parametrize("way", WAYS)
def test_it_is_found_however_it_comes(way: str) -> None:
    for rule_id in RULES:
        assert set(trace(WAYS[way](filled(rule_id)))) == same_message(rule_id), rule_id


def test_several_messages_in_one_text() -> None:
    ids = [rule_id for rule_id in RULES if rule_id.startswith("B")]
    random.Random(4).shuffle(ids)
    for glue in (" ", "\n", "; ", ", "):
        assert list(trace(glue.join(map(filled, ids[:20])), "berat")) == ids[:20]
    assert set(trace(" ".join(map(filled, ids)), "berat")) == set(ids)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "gl-cor:periodCoveredEnd gl-cor:periodCoveredStart elemanından büyük VEYA eşit olmalıdır",
            ("Y036", "K039", "B068"),
        ),
        ("gl-cor:enteredBy elemanı en az iki karakter olmalıdır.", ("Y074",)),
        (
            "ds:SignedInfo elemanı içinde URI niteliği boşluğa eşit olan sadece bir ds:Reference bulunmalıdır.",
            ("Y012", "K013", "B016"),
        ),
        ("gl-bus:measurableCostPerUnit zorunludur.", ("Y120", "K116")),
    ],
)
def test_other_spellings_count(text: str, found: tuple[str, ...]) -> None:
    assert trace(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "gl-cor:periodCoveredEnd elemanı gl-cor:periodCoveredStart elemanından küçük olmalıdır.",
        "xbrli:segment/gl-cor:uniqueID yalnızca beratlarda bulunabilir.",
        "gl-bus:measurableCostPerUnit seçmelidir.",
    ],
)
def test_other_words_do_not_count(text: str) -> None:
    assert trace(text) == ()


def test_what_counts_as_one_spelling_means_one_thing() -> None:
    _, loose = patterns_of(RULES)
    for pattern in loose:
        messages: dict[str, set[str]] = {}
        for rule_id in pattern.rules:
            messages.setdefault(shape(rule_id), set()).add(RULES[rule_id].demand.tr)
        assert len(messages) == 1 or len(set.union(*messages.values())) == 1, pattern.rules


def test_word_for_word_comes_before_other_spellings() -> None:
    loose, exact = "gl-cor:enteredBy elemanı en az iki karakter olmalıdır.", filled("Y073")
    assert trace(f"{loose} {exact}") == ("Y073", "Y074")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("gl-cor:uniqueID elemanı 15 karakterden oluşm", ("B064",)),
        ("gl-cor:uniqueID elemanı 15 karakterden...", ("B064",)),
        ("gl-cor:amount ( 12,345 ) virgülden sonra 2 han…", ("B057",)),
        ("gl-cor:creationDate elemanı gl-cor:periodCoveredEnd elemanından bü… gl-cor:uniqueID zo", ("B069",)),
        ("gl-cor:uniqueID zorunlu bir e…", ("B061",)),
        ("xbrli:segment/gl-bus:numberOfEntries", ()),
        ("xbrli:segment/gl-bus:numberOfEntries sad", ()),
        ("gl-bus:phoneNumber zorunlu bir elemandır ve değ…", ("B100",)),
        ("gl-cor:uniqueID elemanı…", ()),
        ("gl-cor:uniqueID", ()),
        ("gl-bus:organizationDescription değeri 'Kurum Unvanı' olan…", ()),  # two begin so
        ("gl-cor:uniqueID elemanı 15 karakterden az.", ()),
        ("gl-cor:amount ( 12,345 ) bilinmeyen bir nedenle hatalıdır", ()),
    ],
)
def test_a_message_that_is_cut_counts_where_only_one_thing_can_be_meant(text: str, found: tuple[str, ...]) -> None:
    assert trace(text, "berat") == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Paket işlenirken hata oluştu.",
        "Sistemde geçici bir sorun var, lütfen daha sonra deneyiniz.",
        "organizationDescription elemanı hatalı.",
        "zorunlu bir elemandır.",
        "gl-cor:yeniEleman zorunlu bir elemandır.",
        "gl-cor:yeniEleman elemanı içerisindeki gl-cor:uniqueID zorunlu bir elemandır.",
        "gl-cor:yeniEleman/gl-cor:uniqueID zorunlu bir elemandır.",
        "gl-cor:uniqueID zorunlu bir elemandır ve değeri sayı olmalıdır.",
        "gl-cor:amount ( 1 ) hatalıdır. gl-cor:yeniEleman ( 2 ) virgülden sonra 3 haneden fazla olamaz.",
        "gl-cor:accountMainID=395, gl-cor:debitCreditCode=D olan 1 gl-cor:entryDetail elemanı olmalıdır.",
        "/edefter:berat/xbrli:xbrl[1]/gl-cor:accountingEntries[1]/gl-cor:documentInfo[1]/gl-cor:uniqueID[1]",
    ],
)
def test_where_nothing_fits_nothing_is_said(text: str) -> None:
    assert trace(text) == ()


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_traces_to_nothing(text: str) -> None:
    assert trace(text) == ()


def test_the_words_of_the_messages_in_other_orders_mean_nothing() -> None:
    words = sorted({word for text in OFFICIAL.values() for word in text.split()})
    dice = random.Random(4)
    for _ in range(200):
        assert trace(" ".join(dice.choices(words, k=60))) == ()


def test_a_value_does_not_reach_into_another_message() -> None:
    text = f"gl-cor:amount ( 1 ) anlaşılamadı. {filled('Y084')}"
    assert set(trace(text)) == {"Y084", "K083"}


DOCUMENTS: Final[tuple[Document, ...]] = ("journal", "ledger", "berat")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_has_its_own_rules(document: Document) -> None:
    for rule_id, rule in RULES.items():
        found = trace(filled(rule_id), document)
        if rule.document == document:
            assert rule_id in found
            assert {RULES[one].document for one in found} == {document}
        assert found  # a rule of another document is still better than nothing


def test_another_documents_spelling_counts_for_the_document() -> None:
    assert trace(filled("Y036"), "berat") == ("B068",)
    assert trace(filled("B068"), "ledger") == ("K039",)


def test_a_report_takes_the_berats() -> None:
    assert trace(filled("Y030"), document_of(DocumentKind.REPORT)) == ("B061",)


HOSTILE: Final = {
    "one beginning over and over": "gl-cor:amount ( " * LIMIT,
    "one piece after the other": "xbrli:measure değeri ( 1 ) hatalıdır. xbrli:unit id'nin değeri " * LIMIT,
    "cuts all over": "gl-cor:documentType elemanının değeri... " * LIMIT,
    "only cuts": "..." * LIMIT,
    "escapes of escapes": "&amp;amp;lt;" * LIMIT,
    "one endless word": "a" * 10_000_000,
    "letters that grow": "ﷺ" * LIMIT,
    "marks without letters": "\u0301" * LIMIT,
    "a message without end": filled("K080") * 1000,
    "nothing but spaces": " " * 10_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_take_no_longer_than_they_may(name: str) -> None:
    started = time.process_time()
    found = trace(HOSTILE[name])
    assert time.process_time() - started < 1.0
    assert len(found) <= 3


def test_only_so_much_of_a_text_is_looked_at() -> None:
    assert trace("x " * LIMIT + filled("Y030")) == ()
    assert trace("x " * (LIMIT // 4) + filled("Y030")) == ("Y030", "K033", "B061")
