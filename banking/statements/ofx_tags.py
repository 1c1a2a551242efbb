"""OFX tags → a tree of aggregates with their values, for SGML (1.x, leaves unclosed) and XML (2.x) alike.

Our own reader: no entity is ever expanded but the five of XML and character numbers, no document type is taken,
nesting is bounded, and every step is linear in the size of the file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from banking.statements.ofx_text import Tag, closers, encoding_of, plain, tags
from banking.statements.source import Source
from banking.statements.statement import AGAIN, UnreadableStatement, one_line

DEPTH: Final = 60
VALUE_LENGTH: Final = 2000
MOST_CHILDREN: Final = 1000

# Never inside one of their own name: a second opening closes the first.
AGGREGATES: Final = frozenset(
    [
        "OFX",
        "SONRS",
        "STATUS",
        "STMTTRNRS",
        "CCSTMTTRNRS",
        "STMTRS",
        "CCSTMTRS",
        "INVSTMTRS",
        "BANKACCTFROM",
        "CCACCTFROM",
        "BANKACCTTO",
        "CCACCTTO",
        "BANKTRANLIST",
        "BANKTRANLISTP",
        "STMTTRN",
        "STMTTRNP",
        "PAYEE",
        "EXTDPAYEE",
        "CURRENCY",
        "ORIGCURRENCY",
        "LEDGERBAL",
        "AVAILBAL",
    ]
)
LEAVES: Final = frozenset(
    [
        "CURDEF",
        "BANKID",
        "BRANCHID",
        "ACCTID",
        "ACCTTYPE",
        "DTSTART",
        "DTEND",
        "TRNTYPE",
        "DTPOSTED",
        "DTUSER",
        "DTAVAIL",
        "TRNAMT",
        "FITID",
        "CHECKNUM",
        "REFNUM",
        "NAME",
        "MEMO",
        "BALAMT",
        "DTASOF",
        "CURSYM",
        "CURRATE",
        "CODE",
        "SEVERITY",
        "MESSAGE",
    ]
)
# What a reader asks for once it has ended: all of an operation or a statement, and of those what it is asked for.
HANDED_ON: Final = frozenset({"STMTTRN", "STMTRS", "CCSTMTRS", "STATUS"})
_OF_STATEMENT: Final = frozenset({"BANKTRANLIST", "BANKACCTFROM", "CCACCTFROM", "LEDGERBAL"})
_KEPT: Final = _OF_STATEMENT | {"PAYEE", "EXTDPAYEE", "CURRENCY", "ORIGCURRENCY"}
_STATEMENTS: Final = frozenset({"STMTRS", "CCSTMTRS", "INVSTMTRS"})
# Said twice in one operation, or outside of any, they mean that a tag was lost.
_ONCE: Final = frozenset({"TRNAMT", "DTPOSTED"})
_OUTSIDE: Final = frozenset({"BANKTRANLIST", "STMTRS", "CCSTMTRS"})

_ENTITY: Final = re.compile(r"&(amp|lt|gt|quot|apos|nbsp|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " "}


@dataclass(slots=True)
class Node:
    """An aggregate: its values by tag, the aggregates in it, and the line of the file where it opens."""

    name: str
    line: int
    values: dict[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)

    def all(self, *names: str) -> Iterator["Node"]:
        """Every aggregate of these names below, in the order of the file, those inside one another left out."""
        waiting = list(reversed(self.children))
        while waiting:
            node = waiting.pop()
            if node.name in names:
                yield node
            else:
                waiting.extend(reversed(node.children))

    def first(self, *names: str) -> "Node":
        return next(self.all(*names), Node("", self.line))

    def get(self, *names: str) -> str:
        """The first of these values that says something, or nothing."""
        return next((self.values[name] for name in names if self.values.get(name)), "")


Ended = tuple[Node, Node | None]


class Reader:
    """The tree of a file, of which the operations are handed on as they end, and the statements after them.

    Only what a statement needs is kept of what has ended: memory does not grow with the file.
    """

    def __init__(self, source: Source) -> None:
        encoding = encoding_of(source)
        self.tags = tags(plain(source, encoding))
        self.closers = closers(plain(source, encoding))
        self.stack = [Node("", 1)]

    def ended(self) -> Iterator[Ended]:
        """Each STMTTRN, each statement and each STATUS as it ends, with the statement that it stands in.

        Raises UnreadableStatement: document type, nesting, a file that is cut, a lost tag.
        """
        if "OFX" not in self.closers:
            raise UnreadableStatement(f"Refusé : le fichier OFX est coupé, sa fin </OFX> manque. {AGAIN}")
        for tag in self.tags:
            yield from self._take(tag)
        yield from self._close_to(1)

    def _take(self, tag: Tag) -> list[Ended]:
        if tag.is_closing:
            return self._close(tag.name)
        if tag.name in AGGREGATES or self._is_unknown_aggregate(tag):
            return self._open(Node(tag.name, tag.line))
        _keep(self.stack[-1], tag.name, tag.value, tag.line)
        return []

    def _is_unknown_aggregate(self, tag: Tag) -> bool:
        return not tag.value and tag.name in self.closers and tag.name not in LEAVES and not tag.is_empty

    def _open(self, node: Node) -> list[Ended]:
        names = _STATEMENTS if node.name in _STATEMENTS else AGGREGATES & {node.name}
        ended = [one for name in names for one in self._close(name)]
        if len(self.stack) > DEPTH:
            raise UnreadableStatement(
                f"Ligne {node.line} : plus de {DEPTH} balises imbriquées, ce n’est pas un relevé OFX.", node.line
            )
        self.stack.append(node)
        return ended

    def _close(self, name: str) -> list[Ended]:
        """Close down to the nearest of that name; a stray closing tag closes nothing."""
        for depth in range(len(self.stack) - 1, 0, -1):
            if self.stack[depth].name == name:
                return self._close_to(depth)
        return []

    def _close_to(self, depth: int) -> list[Ended]:
        ended: list[Ended] = []
        while len(self.stack) > depth:
            node = self.stack.pop()
            if node.name in HANDED_ON:
                ended.append((node, next((one for one in self.stack if one.name in _STATEMENTS), None)))
            around = self.stack[-1]
            around.children += _left_by(node)
            if len(around.children) > MOST_CHILDREN:
                raise UnreadableStatement(
                    f"Ligne {node.line} : plus de {MOST_CHILDREN} « {node.name} », ce n’est pas un relevé. {AGAIN}",
                    node.line,
                )
        return ended


def _left_by(node: Node) -> list[Node]:
    """What an aggregate that has ended leaves in the one around it: itself, or what of it may be asked for there."""
    if node.name in _KEPT:
        return [node]
    if node.name in _STATEMENTS:
        return []
    kept = _OF_STATEMENT if node.name in AGGREGATES else _KEPT
    return [child for child in node.children if child.name in kept]


def _keep(node: Node, name: str, value: str, line: int) -> None:
    if name in _ONCE and (node.name in _OUTSIDE or name in node.values):
        raise UnreadableStatement(
            f"Ligne {line} : valeur {name} « {one_line(value, 40)} » hors de son opération. {AGAIN}",
            line,
        )
    if name in LEAVES and name not in node.values:
        node.values[name] = one_line(_ENTITY.sub(_character, value) if "&" in value else value, VALUE_LENGTH)


def _character(entity: re.Match[str]) -> str:
    name = entity[1]
    if not name.startswith("#"):
        return _NAMED[name]
    code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    if code < 32 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return " "
    return chr(code)
