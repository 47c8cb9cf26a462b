"""The error tree, grouped by what the reader can do.

DefterhaneError
├── FixInput       the reader can mend what was given: a file, a name, a field
├── TryLater       nothing is wrong for good: wait and try again
│   └── Busy         somebody else is at the same piece of work
└── CallOperator   a person has to see to it: settings, a token, a refusal by GİB

Every error has a stable `key` (never renamed, used in events and answers) and a text in Turkish and English.
Services add their own classes in their `errors.py`.
"""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from defterhane.texts import Text


class Problem(BaseModel):
    """An error as it travels in events and answers."""

    model_config = ConfigDict(frozen=True)

    key: str
    text: Text
    cure: Text | None = None


class DefterhaneError(Exception):
    """The root of the tree. Subclasses set `key`, `text` and `cure`; `{names}` are filled from keywords."""

    key: ClassVar[str] = "error"
    text: ClassVar[Text] = Text(tr="Beklenmeyen bir hata oluştu.", en="Something unexpected went wrong.")
    cure: ClassVar[Text | None] = None

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(f"{self.key}: {self.text.en.format(**values)}")

    @property
    def problem(self) -> Problem:
        """This error as it travels in events and answers."""
        cure = self.cure.format(**self.values) if self.cure else None
        return Problem(key=self.key, text=self.text.format(**self.values), cure=cure)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.values)


def _rebuild(kind: type[DefterhaneError], values: dict[str, object]) -> DefterhaneError:
    return kind(**values)


class FixInput(DefterhaneError):
    """The reader can mend what was given."""

    key = "input"


class TryLater(DefterhaneError):
    """Nothing is wrong for good: wait and try again."""

    key = "later"
    text = Text(tr="Şu anda yapılamıyor; yeniden denenecek.", en="Not possible right now; it will be tried again.")


class Busy(TryLater):
    """Somebody else is at the same piece of work."""

    key = "later.busy"
    text = Text(tr="{what} üzerinde çalışılıyor.", en="Somebody is already working on {what}.")


class CallOperator(DefterhaneError):
    """A person has to see to it."""

    key = "operator"


class ObjectDamaged(CallOperator):
    """A stored object's bytes are not those that were stored."""

    key = "operator.object_damaged"
    text = Text(
        tr="Saklanan {uri} nesnesi bozulmuş: özeti tutmuyor.",
        en="The stored object {uri} is damaged: its digest does not fit.",
    )


class ObjectMissing(CallOperator):
    """A stored object is not there."""

    key = "operator.object_missing"
    text = Text(tr="Saklanan {uri} nesnesi bulunamadı.", en="The stored object {uri} is not there.")


class UnknownTenant(CallOperator):
    """No tenant has this tax number."""

    key = "operator.unknown_tenant"
    text = Text(tr="{tenant} numaralı mükellef tanımlı değil.", en="There is no tenant {tenant}.")
