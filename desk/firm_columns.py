"""The columns of the firm's dashboard: what each is called, where it stands on a phone, how it is sorted."""

from dataclasses import dataclass

# (name, class, sort): a number is first sorted from the largest, the rest from what presses most.
COLUMNS = [
    ("DOSSIER", "c-1", "dossier"),
    ("CODE", "c-2", "code"),
    ("PAS PRÊT", "num c-3", "pas-pret"),
    ("À PUBLIER", "num c-4", "publier"),
    ("À RAPPROCHER", "num c-5", "rapprocher"),
    ("À RELIRE", "num c-6", "relire"),
    ("REFUS 7 J", "num c-9", "refus"),
    ("DEXT", "c-7", "dext"),
    ("BANQUE", "c-8", "banque"),
    ("DERNIER GESTE", "c-hide", "geste"),
]


@dataclass(frozen=True, slots=True)
class Column:
    """`sort` is what its link asks for, `order` how it is sorted now (« » where it is not)."""

    name: str
    css: str
    sort: str
    order: str = ""


def columns_sorted_by(sort: str) -> list[Column]:
    return [_column(sort, *column) for column in COLUMNS]


def _column(sort: str, name: str, css: str, key: str) -> Column:
    if sort.removeprefix("-") != key:
        is_largest_first = css.startswith("num") or key == "geste"
        return Column(name, css, f"-{key}" if is_largest_first else key)
    is_descending = sort.startswith("-")
    return Column(name, css, key if is_descending else f"-{key}", "descending" if is_descending else "ascending")
