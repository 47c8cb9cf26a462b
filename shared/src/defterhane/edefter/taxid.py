"""Tax numbers: VKN (firms, 10 digits) and TCKN (persons, 11 digits), both with check digits."""

from typing import NewType

TaxId = NewType("TaxId", str)
"""A VKN or TCKN whose check digits have been verified."""

VKN_LENGTH = 10
TCKN_LENGTH = 11


def tax_id(text: str) -> TaxId:
    """Parse a tax number.

    Raises:
        ValueError: not 10 or 11 digits, or the check digits do not fit.
    """
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"{text!r} is not a tax number: 10 digits (VKN) or 11 digits (TCKN) are needed")
    if len(text) == VKN_LENGTH:
        valid = _vkn_check_digit(text) == int(text[-1])
    elif len(text) == TCKN_LENGTH:
        valid = text[0] != "0" and _tckn_check_digits(text) == text[-2:]
    else:
        raise ValueError(f"{text!r} is not a tax number: 10 digits (VKN) or 11 digits (TCKN) are needed")
    if not valid:
        raise ValueError(f"{text!r} is not a tax number: its check digits do not fit")
    return TaxId(text)


def is_person(number: TaxId) -> bool:
    """True for a TCKN: the books of a person, not of a firm."""
    return len(number) == TCKN_LENGTH


def vkn_from_stem(stem: str) -> TaxId:
    """Nine digits with their check digit added: for made-up firms in samples and tests."""
    return TaxId(stem + str(_vkn_check_digit(stem)))


def _vkn_check_digit(text: str) -> int:
    total = 0
    for position in range(9):
        shifted = (int(text[position]) + 9 - position) % 10
        if shifted:
            shifted = shifted * 2 ** (9 - position) % 9 or 9
        total += shifted
    return (10 - total % 10) % 10


def _tckn_check_digits(text: str) -> str:
    digits = [int(character) for character in text[:9]]
    tenth = (7 * sum(digits[0::2]) - sum(digits[1::2])) % 10
    eleventh = (sum(digits) + tenth) % 10
    return f"{tenth}{eleventh}"
