"""Each reason in French. U+00A0 stands before « : ; ! ? % € » and inside « » and numbers."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from banking.matching.facts import Reason
from firms.typography import NBSP, format_money

Values = Mapping[str, str | int]

VETOES = {
    "off_bank": "la facture est dite réglée hors banque",
    "other_account": "le moyen de paiement est celui d’un autre compte",
    "other_card": "l’opération porte une autre carte",
    "returned": "l’opération a été rejetée par la banque",
    "withdrawal": "l’opération est un retrait d’espèces",
    "no_purchase": "le libellé annonce autre chose qu’un achat (salaire, loyer, épargne…)",
    "cap": "le montant dépasse le plafond de ce compte",
    "auto_off": "les rapprochements automatiques sont désactivés sur ce compte",
    "observed": "ce compte est en observation",
    "archived": "le dossier est archivé",
    "duplicate": "la facture est un doublon possible",
    "closed_period": "la période est clôturée",
    "doubted": "quelqu’un avait refusé ce rapprochement",
    "partial": "la facture est déjà réglée en partie",
}


def sentence(reason: Reason) -> str:
    """The reason in words. Raises KeyError for a code that is not known here."""
    if reason.code.removeprefix("not_auto_") in VETOES:
        return _not_auto(VETOES[reason.code.removeprefix("not_auto_")])
    return WORDS[reason.code](reason.values)


def _not_auto(why: str) -> str:
    return f"Pas automatique{NBSP}: {why}"


def _quoted(text: str | int) -> str:
    return f"«{NBSP}{text}{NBSP}»"


def _money(values: Values) -> str:
    return format_money(Decimal(values["cents"]).scaleb(-2), str(values["currency"]))


def _count(values: Values, noun: str) -> str:
    numbers = {2: "deux", 3: "trois", 4: "quatre", 5: "cinq", 6: "six", 7: "sept", 8: "huit"}
    return f"{numbers.get(int(values['count']), values['count'])} {noun}"


def _days(count: int) -> str:
    return f"{count} jour{'s' if count > 1 else ''}"


def _total(values: Values) -> str:
    return _money({**values, "cents": values["total"]})


def _day(text: str | int) -> str:
    return f"{date.fromisoformat(str(text)):%d/%m/%Y}"


def _s(count: str | int) -> str:
    return "s" if int(count) > 1 else ""


def _gap(values: Values) -> str:
    return "de moins que la facture" if int(values["cents"]) > 0 else "de plus que la facture"


def _to_due(values: Values) -> str:
    days = int(values["days"])
    if not days:
        return "payé à l’échéance"
    return f"payé {_days(abs(days))} {'après' if days > 0 else 'avant'} l’échéance"


def _to_document(values: Values) -> str:
    days = int(values["days"])
    if not days:
        return "payé le jour de la facture"
    return f"payé {_days(abs(days))} {'après' if days > 0 else 'avant'} la facture"


def _amount_equal(values: Values) -> str:
    foreign = "" if values.get("currency", "EUR") == "EUR" else f" ({values['currency']})"
    return f"Montant identique au centime{foreign}"


WORDS: dict[str, Callable[[Values], str]] = {
    "amount_equal": _amount_equal,
    "only_line": lambda v: f"seule ligne de {_money(v)} en {v['days']} jours",
    "reference": lambda v: f"n°{NBSP}{v['reference']} dans le libellé",
    "alias": lambda v: f"libellé déjà associé à {v['supplier']}",
    "name": lambda v: f"{_quoted(v['name'])} dans le libellé",
    "card": lambda v: f"carte {v['last_four']} dans le libellé",
    "account": lambda _: "compte du moyen de paiement",
    "purchase_date": lambda v: f"achat du {date.fromisoformat(str(v['on'])):%d/%m} dans le libellé",
    "paid_to_due": _to_due,
    "paid_to_document": _to_document,
    "in_order": lambda v: (
        f"{_count(v, 'factures')} de ce montant chez ce fournisseur, autant de lignes, par ordre de date"
    ),
    "by_hand": lambda _: "rapproché à la main",
    "count": lambda v: _count(v, "factures").capitalize(),
    "sum_equal": lambda v: f"Somme de {_count(v, 'factures')} identique au centime",
    "sum_equal_less_credits": lambda v: (
        f"Somme identique au centime{NBSP}: {v['count']} facture{_s(v['count'])},"
        f" moins {v['credits']} avoir{_s(v['credits'])}"
    ),
    "all_open": lambda v: f"toutes les factures ouvertes de ce tiers ({v['count']})",
    "in_a_row": lambda v: f"factures qui se suivent, du {_day(v['first'])} au {_day(v['last'])}",
    "payer": lambda v: f"remboursement à {_quoted(v['name'])}, qui a avancé ces achats",
    "lines_make_total": lambda v: f"{_count(v, 'versements').capitalize()} font le total de {_total(v)}",
    "part_of_total": lambda v: f"Versement{' ' + str(v['place']) if v['place'] else ''} de {_money(v)} sur {_total(v)}",
    "order_of": lambda v: f"l’ordre annonce {_count(v, 'virements')}",
    "deferred_card": lambda v: f"achats du mois de la carte {v['last_four']} à débit différé",
    "difference": lambda v: f"Écart de {_money({**v, 'cents': abs(int(v['cents']))})} {_gap(v)}",
    "rate": lambda v: f"1 {v['currency']} pour {v['rate']}{NBSP}€ ce jour-là",
    "date_swapped": lambda v: f"date lue au {_day(v['on'])} si jour et mois sont intervertis",
    "not_auto_sums": lambda v: _not_auto(f"{_count(v, 'ensembles')} de factures donnent cette somme"),
    "not_auto_twin": lambda _: _not_auto("une autre facture ouverte du même montant ferait la même somme"),
    "not_auto_contested": lambda _: _not_auto("une autre somme emploie l’une de ces factures ou cette ligne"),
    "not_auto_accident": lambda _: _not_auto("cette somme peut être un hasard"),
    "not_auto_first_parts": lambda _: _not_auto("le total n’est pas encore atteint"),
    "not_auto_parcels": lambda _: _not_auto("rien ne dit que ces lignes vont ensemble"),
    "not_auto_order": lambda _: _not_auto("le libellé ne nomme aucun fournisseur"),
    "not_auto_gap": lambda v: _not_auto(f"il manque {_money(v)} de justificatifs"),
    "not_auto_rate": lambda _: _not_auto("le relevé ne donne pas le montant en devise"),
    "not_auto_date": lambda _: _not_auto("la date de la facture est à vérifier"),
    "not_auto_lines": lambda v: _not_auto(_count(v, "lignes du même montant")),
    "not_auto_invoices": lambda v: _not_auto(_count(v, "factures du même montant")),
    "not_auto_nameless": lambda _: _not_auto("le libellé ne nomme personne"),
    "not_auto_name": lambda v: _not_auto(f"{_quoted(v['supplier'])} n’est pas dans le libellé"),
    "not_auto_better_told": lambda _: _not_auto("le libellé peut nommer un autre fournisseur"),
    "not_auto_unnamed": lambda _: _not_auto("la facture n’a pas encore de fournisseur"),
    "not_auto_other_number": lambda _: _not_auto("le libellé porte le numéro d’une autre facture"),
    "not_auto_series": lambda _: _not_auto("ce fournisseur a d’autres factures ou lignes de ce montant"),
    "not_auto_bought": lambda _: _not_auto("le libellé date l’achat d’un autre jour que la facture"),
    "not_auto_weak": lambda _: _not_auto("les dates s’accordent mal"),
}
