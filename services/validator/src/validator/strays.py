"""What stands where no rule looks: it is read all the same, since some duties hold for every element."""

from collections.abc import Iterable
from itertools import takewhile

from lxml import etree

from validator.node import Node
from validator.tester import Tester


class Strays:
    """Finds what nobody has asked for, before it goes with the elements that are let go of."""

    def __init__(self, tester: Tester) -> None:
        self._tester = tester
        self._released: etree._Element | None = None  # the last element that has been let go of

    def released(self, element: etree._Element) -> None:
        """An element is let go of: all before it has been read, and so has what is in it."""
        self._released = element

    def read_around(self, element: etree._Element | None) -> None:
        """Read what stands before an element, and before those that it stands in."""
        while element is not None:
            self._read(element.itersiblings(preceding=True))
            element = element.getparent()

    def read_within(self, element: etree._Element) -> None:
        """Read what stands at an element's end."""
        self._read(element.iterchildren(reversed=True))

    def check_rest(self, root: etree._Element) -> None:
        """Test what is left at the document's end."""
        left = [element for element in root.iter() if isinstance(element.tag, str) and element is not self._released]
        self._tester.frame.check_decimals([Node.shell(element) for element in left])

    def _read(self, backwards: Iterable[etree._Element]) -> None:
        """Read elements, up to what has been let go of."""
        strays = list(takewhile(lambda element: element is not self._released, backwards))
        for stray in reversed(strays):
            if isinstance(stray.tag, str):
                self._tester.read(stray)
