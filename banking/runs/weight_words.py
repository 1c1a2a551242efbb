"""What the machine learnt of its weights, in words."""

from banking.matching.weights import BY_HAND, UNTRAINED
from banking.models import MatchingPolicy
from firms.typography import NBSP

PARTS = {
    "amount": "le montant exact",
    "name": "le nom du fournisseur",
    "reference": "le numéro de facture",
    "days": "les dates",
    "card": "le numéro de carte",
    "account": "le compte du moyen de paiement",
    "method": "le règlement hors banque",
}


def weights_in_words(policy: MatchingPolicy) -> list[str]:
    """« le nom du fournisseur compte 12 % de plus », « il faut plus de preuves pour rapprocher sans vous »."""
    weights = policy.weights
    found = [_share(PARTS[name], share - BY_HAND) for name, share in weights.shares.items() if name in PARTS]
    if weights.proven != UNTRAINED.proven:
        more = "plus" if weights.proven > UNTRAINED.proven else "moins"
        change = abs(weights.proven - UNTRAINED.proven) * 100 // UNTRAINED.proven
        found.append(f"il faut {change}{NBSP}% de preuves en {more} pour rapprocher sans vous")
    return found


def _share(what: str, change: int) -> str:
    verb = "comptent" if what.startswith("les ") else "compte"
    return f"{what} {verb} {abs(change)}{NBSP}% de {'plus' if change > 0 else 'moins'}"
