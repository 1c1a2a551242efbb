"""XML bytes → elements by path, namespaces left out; what a file repeats is handed on, then forgotten, as it ends.

defusedxml reads up to the root and refuses a document type; none can come after it, so the fast parser does the rest.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import Any, Final, cast
from xml.etree.ElementTree import Element as Node
from xml.etree.ElementTree import ParseError, XMLPullParser
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from banking.statements.source import Source, chunks
from banking.statements.statement import AGAIN, UnreadableStatement

# Elements open at once, and elements between two that are handed on: one operation of a large batch at most.
DEPTH: Final = 10_000
MOST: Final = 1_000_000
VALUE_LENGTH: Final = 10_000
LONGEST_TAG: Final = 500
MOST_NAMES: Final = 10_000
# Elements of a whole that are no items: what a chunk may hold, and its balances.
MOST_ABOVE: Final = 50_000


class Element:
    """An element with all that is below it by path, as it was when it was first asked."""

    def __init__(self, node: Node, line: int) -> None:
        # Of the length of « {urn:iso:std:iso:20022:tech:xsd:camt.053.001.08} »: a statement has one namespace.
        self.start = node.tag.rfind("}") + 1
        self.node, self.line, self.name = node, line, node.tag[self.start :]

    @cached_property
    def _below(self) -> dict[str, list[Node]]:
        below: dict[str, list[Node]] = {}
        start, waiting = self.start, [("", self.node)]
        for path, parent in waiting:
            for child in parent:
                place = path + child.tag[start:]
                if place in below:
                    below[place].append(child)
                else:
                    below[place] = [child]
                if len(child):
                    waiting.append((place + "/", child))
        return below

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
        return UnreadableStatement(f"Ligne {self.line} : {reason}. {AGAIN}", self.line)


def _text(node: Node) -> str:
    return " ".join((node.text or "")[:VALUE_LENGTH].split())


class _RootFound(Exception):
    pass


class _UpToRoot(ContentHandler):
    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 (the interface of xml.sax)
        raise _RootFound


def stream_xml(
    source: Source, *, roots: frozenset[str], wholes: frozenset[str], item: str
) -> Iterator[tuple[Element | None, Element]]:
    """Each item as it ends with the whole that it stands in, as far as that is read; each whole as it ends, alone.

    Nothing where the root is another. An item is forgotten once it was handed on: its whole does not hold it any more.
    Raises UnreadableStatement.
    """
    _check_prologue(source)
    reading = _Reading(roots, wholes, item)
    try:
        events = reading.parsed(source)
        kind, root = next(events)
        if _local(root.tag) in roots:
            yield from reading.elements(chain([(kind, root)], events))
    except ParseError as error:
        raise _broken(error.position[0]) from None
    except (ValueError, LookupError):
        raise _broken(1) from None


def _check_prologue(source: Source) -> None:
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(_UpToRoot())
    try:
        for chunk in chunks(source):
            parser.feed(chunk)
    except _RootFound:
        return
    except DefusedXmlException:
        line = parser.getLineNumber()
        raise UnreadableStatement(
            f"Ligne {line} : un type de document (DOCTYPE, ENTITY) n’a pas sa place dans un relevé. {AGAIN}", line
        ) from None
    except (SAXException, ValueError, LookupError):
        pass
    raise _broken(parser.getLineNumber())


def _broken(line: int) -> UnreadableStatement:
    return UnreadableStatement(f"Ligne {line} : le fichier XML est coupé ou abîmé. {AGAIN}", line)


class _Reading:
    """A file as it is parsed: the whole that is open and what is around it, how much is kept since the last item."""

    def __init__(self, roots: frozenset[str], wholes: frozenset[str], item: str) -> None:
        self.roots, self.wholes, self.item = roots, wholes, item
        self.known = roots | wholes | {item}
        self.lines = _Lines((*wholes, item))
        self.whole: Element | None = None
        self.around: Node | None = None
        self.kept = 0
        # Of each tag with its namespace, its name where it is of account.
        self.names: dict[str, str] = {}

    def elements(self, events: Iterable[tuple[str, Node]]) -> Iterator[tuple[Element | None, Element]]:
        for kind, node in events:
            name = self.names.get(node.tag)
            if name is None:
                name = self._named(node.tag)
            if not name:
                self.kept += kind == "end"
            elif kind == "start":
                self._begin(name, node)
            elif name == self.item or name in self.wholes:
                yield self._ended(name, node)
                self._forget(node)
            if self.kept > MOST:
                raise _broken(1)

    def _named(self, tag: str) -> str:
        name = _local(tag)
        known = name if name in self.known else ""
        if len(self.names) < MOST_NAMES:
            self.names[tag] = known
        return known

    def _begin(self, name: str, node: Node) -> None:
        if name in self.wholes:
            line = self.lines.next(name)
            if self.whole:
                raise _broken(line)
            self.whole = Element(node, line)
        elif name in self.roots:
            self.around = node

    def _ended(self, name: str, node: Node) -> tuple[Element | None, Element]:
        whole, line = self.whole, self.lines.next(name) if name == self.item else 1
        if whole is None:
            raise _broken(line)
        if name == self.item:
            return Element(node, line), whole
        self.whole = None
        return None, Element(node, whole.line)

    def _forget(self, node: Node) -> None:
        node.clear()
        self.kept = 0
        parent = self.whole.node if self.whole else self.around
        # Those before it were forgotten: it stands near the start.
        if parent is not None and node in parent:
            parent.remove(node)
            if len(parent) > MOST_ABOVE:
                raise _broken(1)

    def parsed(self, source: Source) -> Iterator[tuple[str, Node]]:
        """Each element as it begins and as it ends. Raises UnreadableStatement where too many are open at once."""
        parser: XMLPullParser[Any] = XMLPullParser(("start", "end"))
        is_open = 0
        for chunk in chunks(source):
            is_open += chunk.count(b"<") - 2 * chunk.count(b"</") - chunk.count(b"/>")
            if is_open > DEPTH:
                raise _broken(self.lines.line)
            self.lines.feed(chunk)
            parser.feed(chunk)
            yield from cast(Iterator[tuple[str, Node]], parser.read_events())
        parser.close()
        yield from cast(Iterator[tuple[str, Node]], parser.read_events())


def _local(tag: str) -> str:
    return tag[tag.rfind("}") + 1 :]


class _Lines:
    """The line where each element of these names begins, in their order, those that are yet to be asked for."""

    def __init__(self, names: Sequence[str]) -> None:
        self.line = 1
        self._rest = b""
        self._tags = re.compile(rb"<(?:[\w.-]+:)?(%s)[\s/>]" % "|".join(names).encode())
        self._found: dict[str, deque[int]] = {name: deque() for name in names}

    def feed(self, chunk: bytes) -> None:
        data, counted = self._rest + chunk, 0
        # A tag that the chunk cuts waits for its end.
        cut = data.rfind(b"<", -LONGEST_TAG)
        cut = len(data) if cut < 0 or b">" in data[cut:] else cut
        for found in self._tags.finditer(data, 0, cut):
            self.line += data.count(b"\n", counted, found.start())
            counted = found.start()
            self._found[found[1].decode()].append(self.line)
        self.line += data.count(b"\n", counted, cut)
        self._rest = data[cut:]

    def next(self, name: str) -> int:
        return self._found[name].popleft() if self._found[name] else 1
