"""How far a supplier's name stands in a bank label: 0.0 (nothing) to 1.0 (all of it).

Banks cut names, glue them together, abbreviate and misspell them. Each word of the name is sought in the label; what
is found is weighed by how rare the word is in this company's own labels and suppliers, so that a town or « FRANCE »
weighs little without a list of towns.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import accumulate

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from banking.matching.labels import TOKEN, fold
from banking.matching.words import LEGAL_FORMS, LINKS, TRADE_WORDS

CLEARLY_TOLD = 0.85
AS_TOLD = 0.85
# A name that goes on in the label, NETFLIXCOM or MARTINET of Martin: another supplier that ends there is better told.
WITHIN_MORE = 0.95


@lru_cache(maxsize=65_536)
def name_words(supplier: str) -> tuple[str, ...]:
    """The words of a supplier's name that tell it, folded: « SARL Menuiserie Aubry » → MENUISERIE, AUBRY."""
    tokens = TOKEN.findall(fold(supplier))
    told = tuple(t for t in tokens if t not in LEGAL_FORMS and t not in LINKS and not (t.isdigit() and len(tokens) > 1))
    return told or tuple(tokens)


@lru_cache(maxsize=1_048_576)
def likeness(word: str, token: str) -> float:
    """How well a label's `token` renders a name's `word`: equal, cut, glued, shortened, or a letter off."""
    if word == token:
        return 1.0
    short, long = sorted((word, token), key=len)
    if len(short) >= 3 and long.startswith(short):
        return 0.9 if len(short) >= 5 or long is token else 0.7
    if len(word) >= 5 and word in token:
        return 0.9
    if len(short) >= 5 and OSA.distance(word, token) <= (1 if len(long) < 9 else 2):
        return 0.85
    if len(token) >= 4 and len(token) < len(word) and _is_skeleton(token, word):
        return 0.7
    return 0.0


def _is_skeleton(token: str, word: str) -> bool:
    """The consonants of a word in order: AMZN of AMAZON, MRKT of MARKET."""
    if token[0] != word[0] or any(c in "AEIOUY" for c in token[1:]):
        return False
    rest = iter(word)
    return all(letter in rest for letter in token) and len(token) * 2 >= len(word)


def _is_whole(glued_name: str, core: tuple[str, ...]) -> bool:
    """The name begins with a word of the label and ends with one."""
    starts = {0, *accumulate(map(len, core))}
    glued_core = "".join(core)
    return any(glued_core.startswith(glued_name, start) and start + len(glued_name) in starts for start in starts)


def _is_cut(words: tuple[str, ...], glued_name: str, glued_core: str) -> bool:
    """The label ends in the middle of the name, past its trade: « BUREAU VA » of Bureau Vallée."""
    trade = len(words[0]) if words[0] in TRADE_WORDS else 0
    long_enough = len(glued_core) >= 6 and len(glued_core) * 2 >= len(glued_name) and len(glued_core) >= trade + 2
    return long_enough and glued_name.startswith(glued_core)


def seen_in(cores: Iterable[tuple[str, ...]]) -> Counter[str]:
    """In how many of the different cores each word stands."""
    return Counter(word for words in set(cores) for word in set(words))


def weighed_words(names: Iterable[str], others: Iterable[str], cores: Iterable[tuple[str, ...]]) -> set[str]:
    """The words whose rarity counts where `names` are sought in these cores among the `others` of the company."""
    starts = {token[:3] for core in cores for token in core}
    near = (words for words in map(name_words, others) if any(word[:3] in starts for word in words))
    return {word for words in (*map(name_words, names), *near) for word in words}


class Names:
    """The rarity of words among one company's labels and suppliers, and similarity under it.

    `seen` tells in how many different cores of its labels a word stands.
    """

    def __init__(self, suppliers: Iterable[str], seen: Mapping[str, int]) -> None:
        self._suppliers = set(suppliers)
        told = [name_words(supplier) for supplier in self._suppliers]
        self._in_names = Counter(word for words in told for word in set(words))
        self._in_cores = seen
        self._index: defaultdict[str, set[str]] = defaultdict(set)
        for supplier, words in zip(self._suppliers, told, strict=True):
            for word in words:
                self._index[word[:3]].add(supplier)
        self._known: dict[tuple[str, tuple[str, ...]], float] = {}
        self._told: dict[tuple[str, ...], list[str]] = {}

    def similarity(self, supplier: str, core: tuple[str, ...]) -> float:
        """The share of the supplier's name, by weight, that stands in a label's core."""
        key = (supplier, core)
        if key not in self._known:
            self._known[key] = self._similarity(name_words(supplier), core)
        return self._known[key]

    def is_better_told(self, supplier: str, core: tuple[str, ...]) -> bool:
        """Whether another supplier of the company stands in this core better, or about as well where it is cut."""
        here = self.similarity(supplier, core)
        enough = here if here >= CLEARLY_TOLD else here - 0.1
        words = set(name_words(supplier))
        others = {other for token in core for other in self._index.get(token[:3], ())} - {supplier}
        return any(
            self.similarity(other, core) > enough or self._is_told_further(other, words, core)
            for other in others
            if set(name_words(other)) != words
        )

    @staticmethod
    def _is_told_further(other: str, words: set[str], core: tuple[str, ...]) -> bool:
        """Whether a name that goes on after these words, UBER EATS after UBER, goes on in the core too."""
        more = set(name_words(other)) - words
        return words.issubset(name_words(other)) and any(likeness(w, token) >= AS_TOLD for w in more for token in core)

    def told_by(self, core: tuple[str, ...], least: float) -> list[str]:
        """The suppliers whose name stands in a label's core to `least` or more, and no other's better; sorted."""
        if core not in self._told:
            near = sorted({name for token in core for name in self._index.get(token[:3], ())})
            self._told[core] = [
                name for name in near if self.similarity(name, core) >= least and not self.is_better_told(name, core)
            ]
        return self._told[core]

    def _similarity(self, words: tuple[str, ...], core: tuple[str, ...]) -> float:
        if not core or not words:
            return 0.0
        glued_name, glued_core = "".join(words), "".join(core)
        if len(glued_name) >= 5 and glued_name in glued_core:
            return 1.0 if _is_whole(glued_name, core) else WITHIN_MORE
        if len(glued_core) + 1 >= len(glued_name) >= 8 and fuzz.partial_ratio(glued_name, glued_core) >= 90:
            return 0.85
        weights = [self._weight(word, place) for place, word in enumerate(words)]
        found = sum(w * max(likeness(word, token) for token in core) for w, word in zip(weights, words, strict=True))
        share = found / sum(weights)
        return max(share, 0.5) if _is_cut(words, glued_name, glued_core) else share

    def _weight(self, word: str, place: int) -> float:
        """Rare words weigh more; the first, mostly the brand, too; a trade's word or a lone letter little."""
        weight = 1.6 if place == 0 else 1.0
        if word in TRADE_WORDS or len(word) == 1:
            weight = 0.35
        return weight / (1 + math.log1p(self._in_names[word] + self._in_cores.get(word, 0)))


def told_in(supplier: str, core: tuple[str, ...]) -> str:
    """The words of the label that tell the supplier, in the label's order and spelling."""
    words = name_words(supplier)
    told = [token for token in core if any(likeness(word, token) for word in words)]
    glued = "".join(words)
    return " ".join(dict.fromkeys(told or [token for token in core if glued in token]))
