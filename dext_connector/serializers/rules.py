"""Rules in Dext's words: those that it had, those that live in MEG, and the suppliers that they speak of."""

from collections.abc import Sequence
from decimal import Decimal

from stdnum.eu import vat as eu_vat
from stdnum.fr import siren as fr_siren

from achats.models import LONGEST_DELAY, SupplierRule
from dext_connector.models import ArchivedRule, RuleArchive
from dext_connector.payloads import (
    Fault,
    NamedSupplier,
    Refused,
    SentRule,
    SentSupplier,
    SentSupplierRule,
)
from dext_connector.serializers.items import named_payment, named_supplier
from dext_connector.serializers.reading import Reader
from firms.models import Company

MOST_RULES = 5_000
MOST_ALIASES = 50
NOTICE = (
    "Les règles fournisseur de Dext sont archivées et remplacées par celles liées au plan comptable de MEG\u00a0:"
    " elles doivent être reparamétrées dans MEG."
)


class RulesRefused(Refused):
    """A rule, or a supplier, must be mended in Dext."""


def read_rules(data: dict) -> list[SentRule]:
    """Raises RulesRefused: every fault of every rule."""
    faults: list[Fault] = []
    rules = [_rule(rule) for rule in Reader(data, faults).objects("rules", most=MOST_RULES)]
    if faults:
        raise RulesRefused(faults)
    return rules


def _rule(rule: Reader) -> SentRule:
    rate = rule.amount("vat_rate", digits=3, is_signed=False)
    if rate is not None and rate > 100:
        rule.fault("vat_rate", "invalid", f"{rate}\u00a0% dépasse 100\u00a0%.", value=rate)
    return SentRule(
        supplier=rule.text("supplier", longest=200, is_required=True),
        account=rule.text("account", longest=140, is_required=True),
        vat_rate=rate,
        payment_label=rule.text("payment_method", longest=80),
        due_days=rule.count("due_days", most=LONGEST_DELAY),
        description=rule.text("description", longest=200),
        is_paid=rule.flag("paid"),
        payload=rule.data,
    )


def read_supplier_rule(data: dict, *, is_new: bool) -> SentSupplierRule:
    """A live rule with, as `faults`, what cannot be read; one that says nothing is a fault too."""
    faults: list[Fault] = []
    body = Reader(data, faults)
    rule = SentSupplierRule(
        supplier=named_supplier(body) if is_new or data.get("supplier") else NamedSupplier(),
        account=body.text("account", longest=20),
        vat_code=body.text("vat_code", longest=20),
        payment=named_payment(body),
        due_days=body.count("due_days", most=LONGEST_DELAY),
        description=body.text("description", longest=200),
        is_paid=body.flag("paid"),
    )
    if not faults and _says_nothing(rule):
        body.fault("account", "required", "à renseigner, ou un autre champ de la règle.")
    return SentSupplierRule(**vars(rule) | {"faults": tuple(faults)})


def _says_nothing(rule: SentSupplierRule) -> bool:
    told = (rule.account, rule.vat_code, rule.payment.id, rule.payment.label, rule.description, rule.is_paid)
    return rule.due_days is None and not any(told)


def read_supplier(data: dict) -> SentSupplier:
    """Raises RulesRefused."""
    faults: list[Fault] = []
    body = Reader(data, faults)
    supplier = SentSupplier(
        name=body.text("name", longest=200, is_required=True),
        aliases=body.texts("aliases", most=MOST_ALIASES, longest=200),
        siren="".join(body.text("siren", longest=20).split()),
        vat_number=body.text("vat_number", longest=20),
    )
    for key, check in (("siren", fr_siren.is_valid), ("vat_number", eu_vat.is_valid)):
        if (value := getattr(supplier, key)) and not check(value):
            body.fault(key, "invalid", f"«\u00a0{value}\u00a0» n’en est pas un.", value=value)
    if faults:
        raise RulesRefused(faults)
    return supplier


def activation_answer(
    archive: RuleArchive | None, rules: Sequence[ArchivedRule], *, company: Company, base_url: str, is_dry_run: bool
) -> dict:
    """What was archived (None: Dext had no rule), each rule with what MEG proposes in its place."""
    answers = [archived_rule_answer(rule) for rule in rules]
    return {
        "generation": archive.generation if archive else 0,
        "archived_at": archive.received_at.isoformat() if archive else None,
        "notice": NOTICE,
        "count": len(rules),
        "proposed_count": sum(rule.proposed_account is not None for rule in rules),
        "rules": [answer | {"id": None} for answer in answers] if is_dry_run else answers,
        "web_url": f"{base_url.rstrip('/')}/dossiers/{company.pk}/dext/regles/",
    }


def archived_rule_answer(rule: ArchivedRule) -> dict:
    proposed, taken = rule.proposed_account, rule.account
    return {
        "id": str(rule.pk),
        "supplier": rule.supplier_name,
        "account": rule.dext_account,
        "vat_rate": _rate(rule.vat_rate),
        "payment_method": rule.payment_label or None,
        "due_days": rule.due_days,
        "description": rule.description or None,
        "paid": rule.is_paid,
        "proposal": {"account": proposed.code, "label": proposed.label, "basis": rule.basis} if proposed else None,
        "reason": rule.reason,
        "state": rule.state,
        "taken_account": taken.code if taken else None,
    }


def supplier_rule_answer(rule: SupplierRule) -> dict:
    method = rule.payment_method
    return {
        "id": str(rule.pk),
        "supplier": {"id": str(rule.supplier_id), "name": rule.supplier.name},
        **rule_fields(rule),
        "payment_method": {"id": str(method.pk), "label": method.label} if method else None,
        "updated_at": rule.updated_at.isoformat(),
    }


def rule_fields(rule: SupplierRule | None) -> dict:
    """What a rule says, all null where there is none."""
    return {
        "account": rule.account.code if rule and rule.account else None,
        "vat_code": rule.vat_code.code if rule and rule.vat_code else None,
        "payment_method": rule.payment_method.label if rule and rule.payment_method else None,
        "due_days": rule.due_days if rule else None,
        "description": (rule.description or None) if rule else None,
        "paid": rule.is_paid if rule else False,
    }


def _rate(rate: Decimal | None) -> str | None:
    return None if rate is None else f"{rate:.2f}"
