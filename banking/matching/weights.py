"""How much each kind of evidence counts: today's hand-set weights, or what a company's people taught."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from banking.matching.columns import Ints

BY_HAND = 100


@dataclass(frozen=True, slots=True)
class Weights:
    """`shares` are hundredths of the hand-set weight of each part (absent: as it is); a pair is proven from `proven`.

    Both of hundredths of log-odds, as the parts themselves. The default is the untrained engine.
    """

    shares: Mapping[str, int] = field(default_factory=dict)
    proven: int = 650

    def weigh[Points: (int, Ints)](self, parts: Mapping[str, Points]) -> dict[str, Points]:
        """The parts, of one pair or of many, as they count here."""
        return {name: points * self.shares.get(name, BY_HAND) // BY_HAND for name, points in parts.items()}


UNTRAINED = Weights()
