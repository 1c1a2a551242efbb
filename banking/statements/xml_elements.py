"""XML bytes → elements by path, namespaces left out; what a file repeats is reduced as soon as it ends.

defusedxml reads up to the root and refuses a document type; none can come after it, so the fast parser does the rest.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final
from xml.etree.ElementTree import Element as Node
from xml.etree.ElementTree import ParseError, XMLPullParser
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from banking.statements.statement import AGAIN, UnreadableStatement

# Elements open at once, and elements between two that are reduced: one operation of a large batch at most.
DEPTH: Final = 10_000
MOST: Final = 1_000_000
CHUNK: Final = 1 << 16
VALUE_LENGTH: Final = 10_000
# Of an event and its element, the element.
_NODE: Final[Callable[[Any], Node]] = itemgetter(1)
Reducers = Mapping[str, Callable[["Element"], Any]]


class Element:
    """An element with all that is below it by path; `reduced` is what was made of the items in it."""

    __slots__ = ("_below", "line", "name", "node", "reduced")

    def __init__(self, node: Node, line: int, reduced: Sequence[Any] = ()) -> None:
        # Of the length of « {urn:iso:std:iso:20022:tech:xsd:camt.053.001.08} »: a statement has one namespace.
        start = node.tag.rfind("}") + 1
        self.node, self.line, self.reduced, self.name = node, line, reduced, node.tag[start:]
        self._below: dict[str, list[Node]] = {}
        waiting = [("", node)]
        for path, parent in waiting:
            for child in parent:
                place = path + child.tag[start:]
                self._below.setdefault(place, []).append(child)
                if len(child):
                    waiting.append((place + "/", child))

    @property
    def text(self) -> str:
        return _text(self.node)

    @property
    def currency(self) -> str:
        return self.node.get("Ccy", "")

    def all(self, path: str) -> Iterator["Element"]:
        """Every element at this path (« NtryDtls/TxDtls »), in the order of the file."""
        return (Element(node, self.line) for node in self._below.get(path, ()))

    def first(self, path: str) -> "Element | None":
        return next(self.all(path), None)

    def texts(self, path: str) -> list[str]:
        return [text for node in self._below.get(path, ()) if (text := _text(node))]

    def get(self, *paths: str) -> str:
        """The first text at the first of these paths that says something, or nothing."""
        for path in paths:
            for node in self._below.get(path, ()):
                if text := _text(node):
                    return text
        return ""

    def refuse(self, reason: str) -> UnreadableStatement:
        return UnreadableStatement(f"Ligne {self.line} : {reason}. {AGAIN}", self.line)


def _text(node: Node) -> str:
    return " ".join((node.text or "")[:VALUE_LENGTH].split())


class _RootFound(Exception):
    pass


class _UpToRoot(ContentHandler):
    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 (the interface of xml.sax)
        raise _RootFound


def read_xml(data: bytes, *, items: Reducers, wholes: Reducers) -> tuple[str, list[Any]]:
    """The root's name, and what was made of the `wholes`, each with what was made of the `items` in it.

    Raises UnreadableStatement, and what the reducers raise.
    """
    _check_prologue(data)
    try:
        return _reduced(data, items, wholes)
    except ParseError as error:
        raise _broken(error.position[0]) from None
    except (ValueError, LookupError):
        raise _broken(1) from None


def _check_prologue(data: bytes) -> None:
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(_UpToRoot())
    try:
        for start in range(0, len(data), CHUNK):
            parser.feed(data[start : start + CHUNK])
    except _RootFound:
        return
    except DefusedXmlException:
        line = parser.getLineNumber()
        raise UnreadableStatement(
            f"Ligne {line} : un type de document (DOCTYPE, ENTITY) n’a pas sa place dans un relevé. {AGAIN}", line
        ) from None
    except (SAXException, ValueError, LookupError):
        pass
    raise _broken(parser.getLineNumber())


def _broken(line: int) -> UnreadableStatement:
    return UnreadableStatement(f"Ligne {line} : le fichier XML est coupé ou abîmé. {AGAIN}", line)


def _reduced(data: bytes, items: Reducers, wholes: Reducers) -> tuple[str, list[Any]]:
    lines = {name: _lines(data, name) for name in (*items, *wholes)}
    made: list[Any] = []
    inside: list[Any] = []
    kept, tag = 0, ""
    for node in _ended(data):
        kept, tag = kept + 1, node.tag
        name = tag[tag.rfind("}") + 1 :]
        if name in items:
            inside.append(items[name](Element(node, next(lines[name], 1))))
        elif name in wholes:
            made.append(wholes[name](Element(node, next(lines[name], 1), inside)))
            inside = []
        elif kept > MOST:
            raise _broken(1)
        else:
            continue
        node.clear()
        kept = 0
    return tag[tag.rfind("}") + 1 :], made


def _ended(data: bytes) -> Iterator[Node]:
    """Each element as it ends. Raises UnreadableStatement where too many are open at once."""
    parser: XMLPullParser[Any] = XMLPullParser(("end",))
    is_open = 0
    for start in range(0, len(data), CHUNK):
        chunk = data[start : start + CHUNK]
        is_open += chunk.count(b"<") - 2 * chunk.count(b"</") - chunk.count(b"/>")
        if is_open > DEPTH:
            raise _broken(data.count(b"\n", 0, start) + 1)
        parser.feed(chunk)
        yield from map(_NODE, parser.read_events())
    parser.close()
    yield from map(_NODE, parser.read_events())


def _lines(data: bytes, name: str) -> Iterator[int]:
    """The line where each element of this name begins."""
    line, counted = 1, 0
    for found in re.finditer(rb"<(?:[\w.-]+:)?%s[\s/>]" % name.encode(), data):
        line, counted = line + data.count(b"\n", counted, found.start()), found.start()
        yield line
