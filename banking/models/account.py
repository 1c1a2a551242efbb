from django.db import models
from django.db.models import Q

from achats.models import PaymentMethod
from firms.keys import uuid7_key
from firms.models import Company
from ledger.models import Account


class Automation(models.TextChoices):
    ON = "on", "Automatique"
    OBSERVED = "observed", "Observation"
    OFF = "off", "Désactivé"


class BankAccount(models.Model):
    """A bank account or a card of a company, known by `key`: the same in CFONB, OFX and IBAN form."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="bank_accounts", verbose_name="dossier")
    key = models.CharField("identité bancaire", max_length=40)
    label = models.CharField("libellé", max_length=80)
    bank_code = models.CharField("code banque", max_length=20, blank=True)
    branch_code = models.CharField("guichet", max_length=20, blank=True)
    number = models.CharField("n° de compte", max_length=34, blank=True)
    iban = models.CharField("IBAN", max_length=34, blank=True)
    last_four = models.CharField("quatre derniers chiffres", max_length=4, blank=True)
    currency = models.CharField("devise", max_length=3, default="EUR")
    ledger_account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="compte comptable"
    )
    payment_methods = models.ManyToManyField(
        PaymentMethod, through="PaymentMethodMapping", related_name="bank_accounts", verbose_name="moyens de paiement"
    )
    automation = models.CharField("rapprochement automatique", max_length=10, choices=Automation, default=Automation.ON)
    # Above it a person decides, in the account's currency.
    automatic_cap = models.DecimalField("plafond", max_digits=16, decimal_places=2, null=True, blank=True)
    # What banking.accounts.balance_control last found: the lines make the bank's own balances until a day, and from
    # another on they do not, by so much.
    right_until = models.DateField("soldes justes jusqu’au", null=True, blank=True)
    discrepancy = models.DecimalField("écart de solde", max_digits=16, decimal_places=2, null=True, blank=True)
    discrepancy_since = models.DateField("écart depuis le", null=True, blank=True)

    class Meta:
        verbose_name = "compte bancaire"
        verbose_name_plural = "comptes bancaires"
        ordering = ["label"]
        constraints = [
            models.UniqueConstraint(fields=["company", "key"], name="bank_account_unique_in_company"),
            models.CheckConstraint(
                condition=Q(discrepancy=None, discrepancy_since=None)
                | Q(discrepancy__isnull=False, discrepancy_since__isnull=False),
                name="bank_account_discrepancy_since",
            ),
            models.CheckConstraint(
                condition=Q(automatic_cap=None) | Q(automatic_cap__gt=0), name="bank_account_cap_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} …{self.last_four}" if self.last_four else self.label


class PaymentMethodMapping(models.Model):
    """Which bank account a payment method draws on: « Paiement Pro (1234) » → its account."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", verbose_name="dossier")
    payment_method = models.OneToOneField(
        PaymentMethod, models.CASCADE, related_name="mapping", verbose_name="moyen de paiement"
    )
    bank_account = models.ForeignKey(
        BankAccount, models.CASCADE, related_name="mappings", verbose_name="compte bancaire"
    )

    updated_at = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        verbose_name = "moyen de paiement rattaché"
        verbose_name_plural = "moyens de paiement rattachés"
        ordering = ["payment_method"]

    def __str__(self) -> str:
        return f"{self.payment_method} → {self.bank_account}"


class BankAccountAlias(models.Model):
    """Another identity of an account, as a file wrote it and a person said: « carte-…1234 »."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", verbose_name="dossier")
    account = models.ForeignKey(BankAccount, models.CASCADE, related_name="aliases", verbose_name="compte bancaire")
    key = models.CharField("identité bancaire", max_length=40)

    class Meta:
        verbose_name = "autre identité bancaire"
        verbose_name_plural = "autres identités bancaires"
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["company", "key"], name="bank_account_alias_unique_in_company"),
        ]

    def __str__(self) -> str:
        return f"{self.key} → {self.account}"
