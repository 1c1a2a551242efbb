"""OFX bytes → a tree of aggregates with their values, for SGML (1.x, leaves unclosed) and XML (2.x) alike.

Our own reader: no entity is ever expanded but the five of XML and character numbers, no document type is taken,
nesting is bounded, and every step is linear in the size of the file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from banking.statements.statement import AGAIN, UnreadableStatement, one_line

DEPTH: Final = 60
VALUE_LENGTH: Final = 2000

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
_STATEMENTS: Final = frozenset({"STMTRS", "CCSTMTRS", "INVSTMTRS"})
# Said twice in one operation, or outside of any, they mean that a tag was lost.
_ONCE: Final = frozenset({"TRNAMT", "DTPOSTED"})
_OUTSIDE: Final = frozenset({"BANKTRANLIST", "STMTRS", "CCSTMTRS"})

_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9._]*)([^<>]*)>")
_CLOSER: Final = re.compile(r"</([A-Za-z][A-Za-z0-9._]*)[^<>]*>")
_DECLARATION: Final = re.compile(r"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
_QUOTED: Final = re.compile(r"<!--|<!\[CDATA\[")
_ENTITY: Final = re.compile(r"&(amp|lt|gt|quot|apos|nbsp|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " "}
_CONTROLS: Final = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127], " ")
_DECLARED: Final = re.compile(
    rb"""CHARSET\s*[:=]\s*"?([A-Za-z0-9_.-]+)|encoding\s*=\s*["']([A-Za-z0-9_.-]+)""", re.IGNORECASE
)
_CODEPAGES: Final = {
    "iso-8859-1": "latin-1",
    "8859-1": "latin-1",
    "iso-8859-15": "iso8859-15",
    "8859-15": "iso8859-15",
    "850": "cp850",
    "cp850": "cp850",
    "437": "cp437",
    "1250": "cp1250",
}


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


def decode(data: bytes) -> str:
    """Strict UTF-8 first (banks declare 1252 over it), else the declared code page, else Windows-1252."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        found = _DECLARED.search(data[:2000])
        declared = (found[1] or found[2]).decode().lower() if found else ""
        return data.decode(_CODEPAGES.get(declared, "cp1252"), errors="replace")


def read_tree(data: bytes) -> Node:
    """The root of the file. Raises UnreadableStatement: document type, nesting, a file that is cut, a lost tag."""
    text = _plain(decode(data).translate(_CONTROLS))
    closers = {tag[1].upper() for tag in _CLOSER.finditer(text)}
    if "OFX" not in closers:
        raise UnreadableStatement(f"Refusé : le fichier OFX est coupé, sa fin </OFX> manque. {AGAIN}")
    return _tree(text, closers)


def _plain(text: str) -> str:
    """The text without comments, its CDATA escaped as ordinary values."""
    kept: list[str] = []
    rest = 0
    while opening := _QUOTED.search(text, rest):
        end = text.find("-->" if opening[0] == "<!--" else "]]>", opening.end())
        if end < 0:
            raise _forbidden(text, opening.start())
        kept += [text[rest : opening.start()], _unquoted(opening[0], text[opening.end() : end])]
        rest = end + 3
    plain = "".join([*kept, text[rest:]])
    if declaration := _DECLARATION.search(plain):
        raise _forbidden(plain, declaration.start())
    return plain


def _unquoted(opening: str, inside: str) -> str:
    if opening == "<!--":
        return "\n" * inside.count("\n")
    return inside.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _forbidden(text: str, start: int) -> UnreadableStatement:
    line = text.count("\n", 0, start) + 1
    return UnreadableStatement(
        f"Ligne {line} : « {text[start : start + 10]} » n’a pas sa place dans un relevé OFX. {AGAIN}",
        line,
    )


def _tree(text: str, closers: set[str]) -> Node:
    stack = [Node("", 1)]
    line, counted = 1, 0
    for tag, value in _tags(text):
        line, counted = line + text.count("\n", counted, tag.start()), tag.start()
        name = tag[2].upper()
        if tag[1]:
            _close(stack, name)
        elif name in AGGREGATES or (not value and name in closers and name not in LEAVES and not tag[3].endswith("/")):
            _open(stack, Node(name, line))
        else:
            _keep(stack[-1], name, value, line)
    return stack[0]


def _tags(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Each tag with the text up to the next."""
    tags = _TAG.finditer(text)
    tag = next(tags, None)
    while tag:
        following = next(tags, None)
        yield tag, text[tag.end() : following.start() if following else None].strip()
        tag = following


def _open(stack: list[Node], node: Node) -> None:
    for name in _STATEMENTS if node.name in _STATEMENTS else AGGREGATES & {node.name}:
        _close(stack, name)
    if len(stack) > DEPTH:
        raise UnreadableStatement(
            f"Ligne {node.line} : plus de {DEPTH} balises imbriquées, ce n’est pas un relevé OFX.", node.line
        )
    stack[-1].children.append(node)
    stack.append(node)


def _close(stack: list[Node], name: str) -> None:
    """Close down to the nearest of that name; a stray closing tag closes nothing."""
    for depth in range(len(stack) - 1, 0, -1):
        if stack[depth].name == name:
            del stack[depth:]
            return


def _keep(node: Node, name: str, value: str, line: int) -> None:
    if name in _ONCE and (node.name in _OUTSIDE or name in node.values):
        raise UnreadableStatement(
            f"Ligne {line} : valeur {name} « {one_line(value, 40)} » hors de son opération. {AGAIN}",
            line,
        )
    node.values.setdefault(name, one_line(_ENTITY.sub(_character, value), VALUE_LENGTH))


def _character(entity: re.Match[str]) -> str:
    name = entity[1]
    if not name.startswith("#"):
        return _NAMED[name]
    code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    if code < 32 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return " "
    return chr(code)
