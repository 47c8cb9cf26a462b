"""Money is integer kuruş inside and text at the edges; no floats come near it."""

import re

_DECIMAL = re.compile(r"(-?)([0-9]{1,18})(?:\.([0-9]{1,2}))?")


def parse_kurus(text: str) -> int:
    """Read an amount as it stands in a document: `1000`, `1000.5`, `-1000.50`. Returns kuruş.

    Raises:
        ValueError: not such an amount, or more than two decimals.
    """
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not an amount with at most two decimals")
    kurus = int(match[2]) * 100 + int((match[3] or "").ljust(2, "0"))
    return -kurus if match[1] else kurus


def format_kurus(kurus: int) -> str:
    """Write kuruş as documents want it: `1000.50`, always two decimals."""
    whole, rest = divmod(abs(kurus), 100)
    return f"{'-' if kurus < 0 else ''}{whole}.{rest:02}"


def mebibytes(size: int) -> str:
    """A file's size in MiB with two decimals, rounded half up: 1,832,463 bytes → `1.75` (measurableQuantity)."""
    hundredths = (size * 200 + 1024 * 1024) // (2 * 1024 * 1024)
    return f"{hundredths // 100}.{hundredths % 100:02}"
