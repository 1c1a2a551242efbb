"""What a label says that money left for, where that is no purchase: a wage, savings, a rent, money given back."""

from banking.matching.blocking import Read
from banking.matching.facts import InvoiceFact
from banking.matching.features import names_of
from banking.matching.labels import TOKEN, fold
from banking.matching.words import NO_PURCHASE, RENT


def is_no_purchase(invoice: InvoiceFact, read: Read) -> bool:
    """Whether the label says another purpose than what this supplier sells; words of the supplier's own name say none.

    A rent is one where all else that the label says is the supplier's name, « LOYER SCI DES TILLEULS ».
    """
    line, label = read
    said = set(label.words) & NO_PURCHASE
    if not said or line.cents >= 0:
        return False
    own = {token for name in names_of(invoice) for token in TOKEN.findall(fold(name))}
    said -= own
    return bool(said) and not (said <= RENT and own.issuperset(set(label.words) - RENT))
