"""Read one JSON object field by field and keep every fault, so that all of them are told at once. Pure.

Null is absent for every field. A wrong JSON type is malformed (400); a value that cannot be is refused (422).
"""

import re
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from dext_connector.payloads import Fault

# What Dext's user reads for each field.
NAMES = {
    "account": "Compte",
    "aliases": "Autres noms",
    "allow_duplicate": "Doublon accepté",
    "amount": "Montant de TVA",
    "auto_published": "Publication automatique",
    "base": "Base",
    "base_currency": "Devise de tenue",
    "base_total": "Total en devise de tenue",
    "credited_reference": "Facture créditée",
    "currency": "Devise",
    "date": "Date",
    "description": "Description",
    "due_days": "Délai de règlement",
    "document_url": "Adresse du document",
    "due_date": "Échéance",
    "email": "Adresse e-mail",
    "exchange_rate": "Taux de change",
    "external_id": "Référence Dext",
    "firm": "Cabinet",
    "id": "Identifiant",
    "items": "Éléments",
    "kinds": "Natures",
    "label": "Libellé",
    "lines": "Lignes",
    "name": "Nom",
    "net": "Total HT",
    "no_vat_marker": "Pas de TVA par défaut",
    "note": "Note",
    "owner": "Propriétaire",
    "paid": "Payée",
    "password": "Mot de passe",
    "payment_date": "Date de paiement",
    "payment_method": "Moyen de paiement",
    "publish_destination": "Publier par défaut dans",
    "quantity": "Quantité",
    "rate": "Taux",
    "reason": "Motif",
    "reference": "N° de facture",
    "rules": "Règles fournisseur",
    "siren": "SIREN",
    "source_url": "Lien d’origine",
    "supplier": "Fournisseur",
    "total": "Total",
    "type": "Type",
    "unit_price": "Prix unitaire",
    "url": "Adresse",
    "use_supplier_vat_rate": "Utiliser le taux de TVA fournisseur",
    "vat_amount": "TVA",
    "vat_breakdown": "TVA par taux",
    "vat_by_line": "Afficher le taux de TVA par éléments",
    "vat_code": "Code TVA",
    "vat_marker": "Marqueur TVA",
    "vat_rate": "Taux de TVA",
    "vat_number": "N° TVA",
}
EXAMPLE = "par exemple «\u00a05.76\u00a0»"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Reader:
    """One JSON object at `at` (RFC 6901) whose faults go to `faults`, shared by the readers of one body."""

    def __init__(self, data: dict, faults: list[Fault], at: str = "") -> None:
        self.data, self.faults, self.at = data, faults, at

    def fault(self, key: str, code: str, words: str, *, value: Any = None, is_malformed: bool = False) -> None:
        """Keep that `key` is wrong: « Total : {words} »."""
        shown = None if value is None else _shown(value)
        message = f"{NAMES[key]}\u00a0: {words}"
        pointer = f"{self.at}/{key}"
        self.faults.append(Fault(code=code, pointer=pointer, value=shown, message=message, is_malformed=is_malformed))

    def text(
        self,
        key: str,
        *,
        longest: int,
        is_required: bool = False,
        pattern: str = "",
        form: str = "",
        keep: bool = False,
    ) -> str:
        """The string, stripped unless `keep`; "" where none came. `form` says in words what `pattern` asks."""
        value = self._typed(key, str, "un texte entre guillemets", is_required=is_required) or ""
        value = value if keep else value.strip()
        if len(value) > longest:
            self.fault(key, "too_long", f"{len(value)} caractères, {longest} au plus.", value=value)
            return ""
        if value and pattern and not re.fullmatch(pattern, value):
            self.fault(key, "invalid", f"«\u00a0{_shown(value)}\u00a0» ne convient pas, {form}.", value=value)
            return ""
        return value

    def secret(self, key: str, *, longest: int) -> str:
        """A required string that no fault repeats and that nothing strips."""
        value = self.data.get(key)
        if isinstance(value, str) and 0 < len(value) <= longest:
            return value
        self.fault(key, "required", "à renseigner.", is_malformed=value is not None and not isinstance(value, str))
        return ""

    def one_of(self, key: str, choices: Collection[str], *, is_required: bool = False) -> str:
        value = self.text(key, longest=40, is_required=is_required)
        if value and value not in choices:
            known = ", ".join(f"«\u00a0{choice}\u00a0»" for choice in choices)
            self.fault(key, "invalid", f"«\u00a0{value}\u00a0» est inconnu, choisir parmi {known}.", value=value)
            return ""
        return value

    def amount(
        self, key: str, *, is_required: bool = False, places: int = 2, digits: int = 11, is_signed: bool = True
    ) -> Decimal | None:
        """The decimal string, exactly as written: never a JSON number, which would pass through a float."""
        value = self._typed(key, str, f"un texte entre guillemets ({EXAMPLE})", is_required=is_required)
        if value is None:
            return None
        if not re.fullmatch(rf"-?[0-9]{{1,{digits}}}(\.[0-9]{{1,{places}}})?", value):
            words = f"«\u00a0{_shown(value)}\u00a0» n’est pas un montant à {places} décimales au plus ({EXAMPLE})."
            self.fault(key, "invalid_amount", words, value=value)
            return None
        number = Decimal(value)
        if number < 0 and not is_signed:
            words = f"{value.replace('.', ',')} est négatif, envoyer un montant positif\u00a0: le type dit le sens."
            self.fault(key, "negative_amount", words, value=value)
            return None
        return number

    def day(self, key: str, *, is_required: bool = False) -> date | None:
        value = self._typed(key, str, "une date entre guillemets", is_required=is_required)
        if value is None:
            return None
        try:
            if _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        words = f"«\u00a0{_shown(value)}\u00a0» n’est pas une date, écrire AAAA-MM-JJ."
        self.fault(key, "invalid_date", words, value=value)
        return None

    def count(self, key: str, *, most: int) -> int | None:
        """The whole number from 0 to `most`."""
        value = self._typed(key, int, "un nombre entier sans guillemets")
        if value is None or (not isinstance(value, bool) and 0 <= value <= most):
            return value
        words = f"«\u00a0{_shown(value)}\u00a0» ne convient pas, de 0 à {most}."
        self.fault(key, "invalid", words, value=value, is_malformed=isinstance(value, bool))
        return None

    def texts(self, key: str, *, most: int, longest: int) -> tuple[str, ...]:
        """The strings of a list, stripped; what is none of them is a fault, and so is one too many or too long."""
        values = self._typed(key, list, "une liste JSON") or []
        if len(values) > most:
            self.fault(key, "too_many", f"{len(values)} éléments, {most} au plus.", value=len(values))
            return ()
        if not all(isinstance(value, str) for value in values):
            self.fault(key, "wrong_type", "chaque élément doit être un texte entre guillemets.", is_malformed=True)
            return ()
        for value in values:
            if len(value.strip()) > longest:
                self.fault(key, "too_long", f"{len(value)} caractères, {longest} au plus.", value=value)
        return tuple(value.strip() for value in values if value.strip())

    def flag(self, key: str) -> bool:
        return bool(self.optional_flag(key))

    def optional_flag(self, key: str) -> bool | None:
        return self._typed(key, bool, "un booléen (true ou false)")

    def object(self, key: str, *, is_required: bool = False) -> "Reader | None":
        value = self._typed(key, dict, "un objet JSON", is_required=is_required)
        return None if value is None else Reader(value, self.faults, f"{self.at}/{key}")

    def objects(self, key: str, *, most: int) -> Iterator["Reader"]:
        """The objects of a list; what is none of them is a fault, and so is one too many."""
        values = self._typed(key, list, "une liste JSON") or []
        if len(values) > most:
            self.fault(key, "too_many", f"{len(values)} éléments, {most} au plus.", value=len(values))
            return
        for index, value in enumerate(values):
            if isinstance(value, dict):
                yield Reader(value, self.faults, f"{self.at}/{key}/{index}")
            else:
                self.fault(key, "wrong_type", f"l’élément {index + 1} doit être un objet JSON.", is_malformed=True)

    def values(self, key: str, *, most: int) -> list[Any]:
        """A required list of 1 to `most` values of any kind."""
        values = self._typed(key, list, "une liste JSON", is_required=True)
        if values is None:
            return []
        if not values or len(values) > most:
            code = "too_many" if values else "required"
            self.fault(key, code, f"{len(values)} reçus, de 1 à {most} par appel.", value=len(values))
        return values

    def chosen(self, key: str, choices: Collection[str]) -> list[str]:
        """The strings of a list, each once, in the order of `choices`; what is none of them is a fault."""
        values = self._typed(key, list, "une liste JSON") or []
        for value in values:
            if value not in choices:
                known = ", ".join(f"«\u00a0{choice}\u00a0»" for choice in choices)
                words = f"«\u00a0{_shown(value)}\u00a0» est inconnu, choisir parmi {known}."
                self.fault(key, "invalid", words, value=value, is_malformed=not isinstance(value, str))
        return [choice for choice in choices if choice in values]

    def _typed(self, key: str, kind: type, words: str, *, is_required: bool = False) -> Any:
        """The value if it is a `kind`, else None with its fault."""
        value = self.data.get(key)
        if is_required and (value is None or (isinstance(value, str) and not value.strip())):
            self.fault(key, "required", "à renseigner dans Dext avant de publier.")
            return None
        if value is None or isinstance(value, kind):
            return value
        words = f"«\u00a0{_shown(value)}\u00a0» reçu au lieu d’{words}."
        self.fault(key, "wrong_type", words, value=value, is_malformed=True)
        return None


def _shown(value: Any) -> str:
    """A value short enough to be read in a sentence."""
    text = {True: "true", False: "false"}.get(value, "") if isinstance(value, bool) else str(value)
    return text if len(text) <= 120 else f"{text[:119]}…"
