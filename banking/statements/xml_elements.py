"""XML bytes → a tree of elements, namespaces left out, on defusedxml: no document type, no entity, bounded nesting.

What a file repeats by the hundred thousand is reduced as soon as it ends, so that memory holds what was read of it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from banking.statements.statement import AGAIN, UnreadableStatement

DEPTH: Final = 60
CHUNK: Final = 1 << 16
VALUE_LENGTH: Final = 10_000


@dataclass(slots=True)
class Element:
    """An element without its namespace: `reduced` holds what was made of the elements in it that were reduced."""

    name: str
    line: int
    currency: str = ""
    text: str = ""
    children: list["Element"] = field(default_factory=list)
    reduced: list[Any] = field(default_factory=list)

    def all(self, *path: str) -> Iterator["Element"]:
        """Every element down this path, in the order of the file."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.name == path[0]:
                yield from child.all(*path[1:])

    def first(self, *path: str) -> "Element | None":
        return next(self.all(*path), None)

    def get(self, *path: str) -> str:
        """The text of the first element down this path that says something, or nothing."""
        return next((found.text for found in self.all(*path) if found.text), "")

    def refuse(self, reason: str) -> UnreadableStatement:
        return UnreadableStatement(f"Ligne {self.line} : {reason}. {AGAIN}", self.line)


class _Builder(ContentHandler):
    def __init__(self, parser: DefusedExpatParser, reduce: Mapping[str, Callable[[Element], object]]) -> None:
        super().__init__()
        self.parser, self.reduce = parser, reduce
        self.stack = [Element("", 1)]
        self.pieces: list[str] = []

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 (the interface of xml.sax)
        element = Element(name.rpartition(":")[2], self.parser.getLineNumber(), attrs.get("Ccy", ""))
        if len(self.stack) > DEPTH:
            raise element.refuse(f"plus de {DEPTH} éléments imbriqués, ce n’est pas un relevé")
        self.stack[-1].children.append(element)
        self.stack.append(element)
        self.pieces.clear()

    def characters(self, content: str) -> None:
        self.pieces.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        element = self.stack.pop()
        if not element.children:
            element.text = " ".join("".join(self.pieces).split())[:VALUE_LENGTH]
        self.pieces.clear()
        if reducer := self.reduce.get(element.name):
            parent = self.stack[-1]
            parent.children.pop()
            parent.reduced.append(reducer(element))


def read_xml(data: bytes, reduce: Mapping[str, Callable[[Element], object]]) -> Element:
    """The root's own element. Raises UnreadableStatement, and what the reducers raise."""
    parser = DefusedExpatParser(forbid_dtd=True)
    builder = _Builder(parser, reduce)
    parser.setContentHandler(builder)
    try:
        for start in range(0, len(data), CHUNK):
            parser.feed(data[start : start + CHUNK])
        parser.close()
    except DefusedXmlException:
        line = parser.getLineNumber()
        raise UnreadableStatement(
            f"Ligne {line} : un type de document (DOCTYPE, ENTITY) n’a pas sa place dans un relevé. {AGAIN}", line
        ) from None
    except (SAXException, ValueError, LookupError) as error:
        raise _broken(error, parser) from None
    return builder.stack[0].children[0]


def _broken(error: Exception, parser: DefusedExpatParser) -> UnreadableStatement:
    line = error.getLineNumber() if isinstance(error, SAXParseException) else parser.getLineNumber()
    return UnreadableStatement(f"Ligne {line} : le fichier XML est coupé ou abîmé. {AGAIN}", line)
