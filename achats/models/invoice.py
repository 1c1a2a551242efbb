from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Cast, Coalesce

from achats.models.payment_method import PaymentMethod
from achats.models.supplier import Supplier
from firms.keys import uuid7_key
from firms.models import Company, User
from firms.typography import format_day
from ledger.models import JournalEntry

# What stands for the supplier of a purchase that came as a document alone.
UNNAMED = "À compléter"
# What the bank is still expected to show (`unsettled`), as the condition of an index.
AWAITED = ~Q(status="cancelled") & ~Q(settlement="settled") & Q(is_settled_off_bank=False)


class Kind(models.TextChoices):
    INVOICE = "invoice", "Facture"
    CREDIT_NOTE = "credit_note", "Avoir"
    RECEIPT = "receipt", "Ticket"


class Status(models.TextChoices):
    NOT_READY = "not_ready", "Pas prêt"
    READY = "ready", "Prêt"
    POSTED = "posted", "Comptabilisé"
    CANCELLED = "cancelled", "Annulée"


class Settlement(models.TextChoices):
    UNSETTLED = "unsettled", "Non réglé"
    PARTIAL = "partial", "Partiel"
    SETTLED = "settled", "Réglé"


class Source(models.TextChoices):
    DEXT = "dext", "Dext"
    HAND = "hand", "Saisie"
    REQUEST = "request", "Demande"


class PurchaseInvoiceQuerySet(models.QuerySet["PurchaseInvoice"]):
    def live(self) -> Self:
        return self.exclude(status=Status.CANCELLED)

    def for_company(self, company: Company) -> Self:
        return self.filter(company=company)

    def suspected(self) -> Self:
        """Those that seem to repeat another, and of which nobody has decided."""
        return self.live().filter(duplicate_of__isnull=False)

    def to_complete(self) -> Self:
        """Documents that came alone, and of which nobody has said yet who sells."""
        return self.filter(status=Status.NOT_READY, supplier=None, supplier_name=UNNAMED).exclude(source=Source.DEXT)

    def awaiting_no_bank_line(self) -> Self:
        """`PurchaseInvoice.awaits_no_bank_line`, as a filter."""
        return self.filter(Q(is_settled_off_bank=True) | Q(gross_amount=0))

    def unsettled(self) -> Self:
        """What the bank is still expected to show."""
        return self.live().filter(is_settled_off_bank=False).exclude(settlement=Settlement.SETTLED)


class PurchaseInvoice(models.Model):
    """An invoice, a credit note or a receipt. Amounts are positive and as received: the kind says the sense.

    `vat_amount` None means that none was extracted, 0.00 that zero was; no rate ever recomputes it.
    `settled_cents` is the sum of what matches allocate, in cents of `gross_amount`. `is_document_awaited` says that its
    document is still being fetched, `document_error` why it never came. `sort_name` (folded) and `sort_account` (the
    number on the first line that has one, else "") are what the list is sorted by, kept as `search_text` is; so is
    `signed_amount`, which the database makes: the total in the company's currency, negative for a credit note.
    """

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="purchase_invoices", verbose_name="dossier")
    kind = models.CharField("type", max_length=12, choices=Kind)
    status = models.CharField("statut", max_length=10, choices=Status)
    reasons = models.JSONField("motifs", default=list, blank=True)
    warnings = models.JSONField("avertissements", default=list, blank=True)
    settlement = models.CharField("règlement", max_length=10, choices=Settlement, default=Settlement.UNSETTLED)
    settled_cents = models.BigIntegerField("réglé (centimes)", default=0)

    supplier = models.ForeignKey(
        Supplier, models.PROTECT, null=True, blank=True, related_name="invoices", verbose_name="fournisseur"
    )
    supplier_name = models.CharField("fournisseur reçu", max_length=200)
    reference = models.CharField("n° de facture", max_length=100, blank=True)
    issued_on = models.DateField("date")
    due_on = models.DateField("échéance", null=True, blank=True)
    currency = models.CharField("devise", max_length=3)
    gross_amount = models.DecimalField("total TTC", max_digits=14, decimal_places=2)
    vat_amount = models.DecimalField("TVA", max_digits=14, decimal_places=2, null=True, blank=True)
    net_amount = models.DecimalField("total HT", max_digits=14, decimal_places=2, null=True, blank=True)
    vat_breakdown = models.JSONField("TVA par taux, telle que reçue", default=list, blank=True)
    base_currency = models.CharField("devise de tenue", max_length=3, blank=True)
    base_gross_amount = models.DecimalField(
        "total en devise de tenue", max_digits=14, decimal_places=2, null=True, blank=True
    )
    exchange_rate = models.DecimalField("taux de change", max_digits=18, decimal_places=8, null=True, blank=True)
    credited_reference = models.CharField("facture créditée", max_length=100, blank=True)

    payment_method = models.ForeignKey(
        PaymentMethod, models.PROTECT, null=True, blank=True, related_name="invoices", verbose_name="moyen de paiement"
    )
    payment_label = models.CharField("paiement reçu", max_length=80, blank=True)
    is_paid = models.BooleanField("dite payée", default=False)
    paid_on = models.DateField("payée le", null=True, blank=True)
    is_settled_off_bank = models.BooleanField("réglée hors banque", default=False)
    owner_name = models.CharField("porteur", max_length=120, blank=True)
    owner_email = models.EmailField("adresse du porteur", blank=True)
    description = models.CharField("description", max_length=500, blank=True)
    note = models.TextField("note", blank=True)

    source = models.CharField("origine", max_length=10, choices=Source, default=Source.HAND)
    external_id = models.CharField("référence d’origine", max_length=128, blank=True)
    generation = models.PositiveSmallIntegerField("génération", default=1)
    source_url = models.URLField("lien d’origine", max_length=500, blank=True)
    duplicate_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="suspected_duplicates",
        verbose_name="doublon possible de",
    )

    entry = models.OneToOneField(
        JournalEntry, models.PROTECT, null=True, blank=True, related_name="purchase", verbose_name="écriture"
    )
    ruled_fields = models.JSONField("repris de la règle fournisseur", default=list, blank=True)
    is_duplicate_allowed = models.BooleanField("doublon accepté", default=False)
    is_document_awaited = models.BooleanField("pièce attendue", default=False)
    document_error = models.CharField("pièce introuvable", max_length=200, blank=True)

    created_at = models.DateTimeField("reçue le", auto_now_add=True)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="créée par"
    )
    updated_at = models.DateTimeField("modifiée le", auto_now=True)
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True)
    cancelled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="annulée par"
    )
    cancellation_reason = models.CharField("motif d’annulation", max_length=200, blank=True)
    search_text = models.TextField("texte de recherche", blank=True, editable=False)
    sort_name = models.CharField("nom de tri", max_length=240, blank=True, editable=False, db_collation="C")
    sort_account = models.CharField("compte de tri", max_length=8, blank=True, editable=False, db_collation="C")
    signed_amount = models.GeneratedField(
        verbose_name="total signé",
        expression=Case(
            When(kind=Kind.CREDIT_NOTE, then=-Coalesce("base_gross_amount", "gross_amount")),
            default=Coalesce("base_gross_amount", "gross_amount"),
        ),
        output_field=models.DecimalField(max_digits=14, decimal_places=2),
        db_persist=True,
    )

    objects = PurchaseInvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = "facture d’achat"
        verbose_name_plural = "factures d’achat"
        ordering = ["-issued_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "source", "external_id"],
                condition=~Q(status="cancelled") & ~Q(external_id=""),
                name="purchase_one_live_per_external_id",
            ),
            models.CheckConstraint(condition=Q(gross_amount__gte=0), name="purchase_gross_not_negative"),
            models.CheckConstraint(
                condition=Q(vat_amount=None) | Q(vat_amount__gte=0, vat_amount__lte=F("gross_amount")),
                name="purchase_vat_within_gross",
            ),
            models.CheckConstraint(
                condition=Q(settled_cents__gte=0, settled_cents__lte=F("gross_amount") * 100),
                name="purchase_settled_within_gross",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="purchase_cancelled_at_and_by",
            ),
            models.CheckConstraint(condition=Q(entry=None) | Q(status="posted"), name="purchase_entry_of_a_posted_one"),
            models.CheckConstraint(
                condition=Q(is_document_awaited=False) | Q(document_error=""),
                name="purchase_document_awaited_or_given_up",
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | Q(cancelled_at__isnull=False),
                name="purchase_cancelled_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-issued_on", "-id"], name="purchase_list"),
            models.Index(fields=["company", "status", "-issued_on", "-id"], name="purchase_tabs"),
            models.Index(fields=["company", "supplier", "reference"], name="purchase_business_key"),
            models.Index(
                fields=["company", "id"],
                condition=Q(duplicate_of__isnull=False) & ~Q(status="cancelled"),
                name="purchase_duplicates",
            ),
            models.Index(fields=["company", "supplier", "-issued_on", "-id"], name="purchase_of_supplier"),
            models.Index(
                fields=["company", "-issued_on", "-id"],
                condition=AWAITED,
                name="purchase_awaited",
            ),
            models.Index(fields=["company", "updated_at"], condition=AWAITED, name="purchase_awaited_changed"),
            models.Index(fields=["company", "supplier"], condition=AWAITED, name="purchase_awaited_of_supplier"),
            models.Index(
                F("company"),
                Cast(F("gross_amount") * 100, models.BigIntegerField()) - F("settled_cents"),
                condition=AWAITED,
                name="purchase_awaited_by_cents",
            ),
            models.Index(fields=["company", "gross_amount"], condition=Q(settled_cents__gt=0), name="purchase_paid"),
            models.Index(fields=["company", "sort_name", "id"], name="purchase_by_supplier"),
            models.Index(fields=["company", "signed_amount", "id"], name="purchase_by_amount"),
            models.Index(fields=["company", "sort_account", "id"], name="purchase_by_account"),
            GinIndex(
                fields=["company", "search_text"], opclasses=["uuid_ops", "gin_trgm_ops"], name="purchase_found_by_text"
            ),
            GinIndex(
                fields=["company", "reasons"], opclasses=["uuid_ops", "jsonb_path_ops"], name="purchase_found_by_reason"
            ),
            GinIndex(
                fields=["company", "warnings"],
                opclasses=["uuid_ops", "jsonb_path_ops"],
                name="purchase_found_by_warning",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_name} {self.reference or format_day(self.issued_on)}"

    @property
    def sign(self) -> int:
        """−1 for a credit note, which brings money back."""
        return -1 if self.kind == Kind.CREDIT_NOTE else 1

    @property
    def awaits_no_bank_line(self) -> bool:
        """Whether cash or a person paid it, or nothing is to pay: in a company in trésorerie no match will post it."""
        return self.is_settled_off_bank or self.gross_amount == 0

    @property
    def is_to_complete(self) -> bool:
        """Whether it came as a document alone: nobody has said yet who sells, or how much."""
        return self.source != Source.DEXT and (self.is_unnamed or self.is_total_missing)

    @property
    def is_unnamed(self) -> bool:
        return self.supplier_id is None and self.supplier_name == UNNAMED

    @property
    def is_total_missing(self) -> bool:
        """Whether nobody has typed its total yet; a total that is nil was typed, or came, with its VAT."""
        return self.source != Source.DEXT and self.gross_amount == 0 and self.vat_amount is None
