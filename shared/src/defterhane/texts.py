"""What users read, in Turkish and English."""

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

Language: TypeAlias = Literal["tr", "en"]


class Text(BaseModel):
    """One message in both languages; `{names}` in it are filled by `format`."""

    model_config = ConfigDict(frozen=True)

    tr: str
    en: str

    def format(self, **values: object) -> "Text":
        """The same message with its `{names}` filled in."""
        return Text(tr=self.tr.format(**values), en=self.en.format(**values))

    def to(self, language: Language) -> str:
        """The message in one language."""
        return self.tr if language == "tr" else self.en
