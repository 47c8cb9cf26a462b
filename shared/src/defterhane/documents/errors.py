"""Why XML from outside is not read.

FixInput
└── XmlRefused             (carries the line)
    ├── XmlBroken            not well-formed; not XML at all
    ├── XmlCut               ends before its root element does
    ├── XmlEncodingWrong     not UTF-8
    ├── XmlControlCharacter  a character that XML cannot hold
    ├── XmlDoctype           declares a document type
    ├── XmlEntity            declares or uses entities
    ├── XmlTooLarge          more bytes than may be
    ├── XmlTooDeep           elements nested too deep
    ├── XmlPieceTooLarge     one text, attribute or element is too large
    ├── XmlTooManyElements   too many elements in one piece
    └── XmlTooSlow           reading took longer than it may
"""

from typing import ClassVar

from defterhane.errors import FixInput
from defterhane.texts import Text

_WRITE_AGAIN = Text(
    tr="Dosyayı hazırlayan programda yeniden oluşturun; elle veya başka bir programla değiştirmeyin.",
    en="Make the file again in the program that wrote it; do not change it by hand or in another program.",
)


class XmlRefused(FixInput):
    """XML from outside that is not read. `line` is the line in the file, 1 = the first; None = unknown."""

    key = "xml.refused"
    text = Text(tr="XML okunamadı.", en="The XML cannot be read.")
    cure: ClassVar[Text | None] = _WRITE_AGAIN

    def __init__(self, *, line: int | None = None, **values: object) -> None:
        super().__init__(line=line, **values)
        self.line = line


class XmlBroken(XmlRefused):
    """Not well-formed XML; `reason` is the parser's own wording."""

    key = "xml.broken"
    text = Text(
        tr="Dosya geçerli bir XML değil ({reason}).",
        en="The file is not well-formed XML ({reason}).",
    )


class XmlCut(XmlRefused):
    """The file ends before its root element does."""

    key = "xml.cut"
    text = Text(
        tr="Dosya yarım kalmış: kök eleman kapanmadan bitiyor.",
        en="The file is cut: it ends before its root element does.",
    )
    cure = Text(tr="Dosyayı yeniden aktarın.", en="Transfer the file again.")


class XmlEncodingWrong(XmlRefused):
    """e-Defter documents are UTF-8."""

    key = "xml.encoding"
    text = Text(tr="Dosyanın karakter kodlaması UTF-8 değil.", en="The file's character encoding is not UTF-8.")


class XmlControlCharacter(XmlRefused):
    """A character that XML cannot hold, such as NUL."""

    key = "text.control_character"
    text = Text(
        tr="Dosyada XML'in taşıyamadığı bir denetim karakteri var.",
        en="The file holds a control character, which XML cannot carry.",
    )


class XmlDoctype(XmlRefused):
    """A document type declaration: no e-Defter document has one, many attacks do."""

    key = "xml.doctype"
    text = Text(
        tr="Dosyada belge türü bildirimi (DOCTYPE) var; kabul edilmez.",
        en="The file declares a document type (DOCTYPE), which is not accepted.",
    )


class XmlEntity(XmlRefused):
    """Entities are neither declared nor used in e-Defter documents."""

    key = "xml.entity"
    text = Text(
        tr="Dosyada varlık (ENTITY) bildirimi veya tanımsız bir varlık var; kabul edilmez.",
        en="The file declares entities or uses one that is not defined, which is not accepted.",
    )


class XmlTooLarge(XmlRefused):
    """More bytes than may be; `limit` in bytes."""

    key = "xml.too_large"
    text = Text(
        tr="Dosya çok büyük: en çok {limit} bayt olabilir.",
        en="The file is too large: at most {limit} bytes are accepted.",
    )


class XmlTooDeep(XmlRefused):
    """Elements nested deeper than any document needs."""

    key = "xml.too_deep"
    text = Text(tr="Elemanlar çok derin iç içe geçmiş.", en="Elements are nested too deep.")


class XmlPieceTooLarge(XmlRefused):
    """One text, attribute or element is too large."""

    key = "xml.piece_too_large"
    text = Text(
        tr="Tek bir metin, nitelik veya eleman çok büyük.",
        en="A single text, attribute or element is too large.",
    )


class XmlTooManyElements(XmlRefused):
    """More elements, attributes or references in one piece than any document needs."""

    key = "xml.too_many_elements"
    text = Text(
        tr="Bir parçada çok fazla eleman, nitelik veya karakter gönderimi var.",
        en="There are too many elements, attributes or references in one piece.",
    )


class XmlTooSlow(XmlRefused):
    """Reading took longer than it may; `seconds` is the bound."""

    key = "xml.too_slow"
    text = Text(
        tr="Dosyanın okunması {seconds} saniyeden uzun sürdü.",
        en="Reading the file took longer than {seconds} seconds.",
    )
