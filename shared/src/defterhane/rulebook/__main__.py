"""`python -m defterhane.rulebook docs/rules.md`: write the page of all rules."""

import sys
from pathlib import Path

from defterhane.rulebook.page import page

if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), "utf-8")
