"""Dext names a supplier with its other names and numbers: found where MEG has it, else created."""

from django.db import transaction
from django.db.models import QuerySet

from achats.models import Supplier
from achats.suppliers.aliases import AliasTaken, add_aliases
from achats.suppliers.finding import answering, find_or_create_supplier, wait_for_suppliers
from dext_connector.payloads import Fault, SentSupplier
from dext_connector.rules.live import ambiguous
from dext_connector.serializers.rules import RulesRefused
from firms.models import Company


def suppliers_for(company: Company) -> QuerySet[Supplier]:
    """With what an answer says of each."""
    rows = Supplier.objects.filter(company=company).prefetch_related("aliases")
    return rows.select_related("rule__account", "rule__vat_code", "rule__payment_method")


@transaction.atomic
def enter_supplier(*, company: Company, sent: SentSupplier) -> tuple[Supplier, bool]:
    """The supplier by number, name or alias, with the aliases and numbers that it lacked; and whether it is new.

    Raises RulesRefused where two answer, or an alias leads to another one.
    """
    wait_for_suppliers(company, [sent.name, *sent.aliases], sent.siren, sent.vat_number)
    named = {"name": sent.name, "siren": sent.siren, "vat_number": sent.vat_number}
    is_new = not answering(company=company, **named)
    supplier = find_or_create_supplier(company=company, **named)
    if supplier is None:
        raise RulesRefused([ambiguous(sent.name, "/name")])
    try:
        add_aliases(supplier=supplier, aliases=sent.aliases)
    except AliasTaken as taken:
        index = sent.aliases.index(taken.alias)
        fault = Fault(code="alias_taken", pointer=f"/aliases/{index}", value=taken.alias, message=str(taken))
        raise RulesRefused([fault]) from taken
    return suppliers_for(company).get(pk=supplier.pk), is_new
