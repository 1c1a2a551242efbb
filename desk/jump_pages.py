"""The pages to which « Aller à… » leads by their name."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from firms.folding import fold
from firms.models import Company
from firms.roles import Right, grants


@dataclass(frozen=True, slots=True)
class Destination:
    """Where one may go: its words, what tells it from its like, its address, the keys that lead there too."""

    words: str
    detail: str
    url: str
    keys: str = ""


@dataclass(frozen=True, slots=True)
class Door:
    """A page by its name: `query` follows its address, `keys` are its own, `right` is asked of who goes there."""

    words: str
    name: str
    query: str = ""
    keys: str = ""
    right: Right = Right.READ

    def destination(self, company: Company | None) -> Destination:
        place = reverse(self.name, args=[company.pk] if company else [])
        return Destination(self.words, "", f"{place}{self.query}", self.keys)


OF_COMPANY = [
    Door("Tableau de bord", "desk:dashboard", keys="G T"),
    Door("Achats", "achats:list", keys="G A"),
    Door("Achats pas prêts", "achats:list", "?onglet=pas-pret"),
    Door("Achats à publier", "achats:list", "?onglet=pret"),
    Door("Achats à rapprocher", "achats:list", "?onglet=a-rapprocher"),
    Door("Nouvelle facture", "achats:new", right=Right.WRITE),
    Door("Déposer des pièces", "achats:deposit"),
    Door("Doublons", "achats:duplicates", keys="G D"),
    Door("Rapprochement", "banking:review", keys="G R"),
    Door("Rapprochements automatiques à relire", "banking:review", "?onglet=a-relire"),
    Door("Ce que MEG a appris", "banking:review_learnt"),
    Door("Banque", "banking:accounts", keys="G B"),
    Door("Importer des relevés bancaires", "banking:imports"),
    Door("Moyens de paiement", "banking:methods"),
    Door("Pièces à demander", "banking:pieces", keys="G P"),
    Door("Réceptions Dext", "dext_connector:receipts", keys="G J"),
    Door("Connexion Dext et paramètres", "dext_connector:connection", keys="G X"),
    Door("Règles fournisseur", "dext_connector:rules"),
    Door("Règles en vigueur", "dext_connector:live_rules"),
    Door("Importer un export Dext", "dext_connector:exports"),
]
OF_ALL = [
    Door("Cabinet", "desk:firm", keys="G C"),
    Door("Dossiers", "firms:companies"),
    Door("Où est ma facture ?", "whereabouts", keys="G O"),
    Door("Préférences", "firms:preferences"),
]


def doors(*, company: Company | None, text: str) -> Iterator[Destination]:
    """The pages whose names hold the start of every word of `text`, whatever its accents; all of them for none."""
    words = fold(text).split()
    for door, where in [*((door, company) for door in OF_COMPANY), *((door, None) for door in OF_ALL)]:
        if door in OF_COMPANY and (company is None or not grants(company.role, door.right)):
            continue
        if all(f" {word}" in f" {fold(door.words)}" for word in words):
            yield door.destination(where)
