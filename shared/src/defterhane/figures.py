"""Numbers as readers write them: `139.425,73` in Turkish, `139,425.73` in English."""

from defterhane.texts import Language


def grouped(number: int, language: Language) -> str:
    """A whole number, its digits in groups of three."""
    text = f"{number:,}"
    return text.replace(",", ".") if language == "tr" else text


def money(kurus: int, language: Language) -> str:
    """An amount in kuruş, always with two decimals."""
    whole, rest = divmod(abs(kurus), 100)
    return f"{'-' if kurus < 0 else ''}{grouped(whole, language)}{',' if language == 'tr' else '.'}{rest:02}"
