"""A made-up company to measure the engine on: three ways of wording a label, trades that share words, and the traps.

No supplier and no wording here was looked at while the weights were set; the seed decides all of it.
"""

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from banking.matching.facts import InvoiceFact, TransactionFact
from banking.matching.labels import fold

TRADES = (
    "Garage",
    "Boulangerie",
    "Papeterie",
    "Hôtel",
    "Transports",
    "Cabinet",
    "Pépinières",
    "Quincaillerie",
    "Brasserie",
    "Ateliers",
)
PLACES = (
    "du Port",
    "des Alpes",
    "Saint-Roch",
    "de l’Écluse",
    "Beaurivage",
    "du Vieux Moulin",
    "Montplaisir",
    "de la Gare",
)
BRANDS = (
    "Kiloutou",
    "Brico Dépôt",
    "Bouygues Telecom",
    "Free Pro",
    "Mailjet",
    "Scaleway",
    "Grenke",
    "Urssaf Conseil",
    "Rajapack",
    "Würth",
    "Legallais",
    "Interflora",
    "Picard",
    "Naturalia",
    "Back Market",
    "Mondial Relay",
    "Vistaprint",
    "Indigo Park",
)
TOWNS = ("LILLE", "PAU", "QUIMPER", "BEAUVAIS", "CEDEX 09", "ANNECY")
START = date(2031, 1, 3)


@dataclass
class Dossier:
    invoices: list[InvoiceFact] = field(default_factory=list)
    transactions: list[TransactionFact] = field(default_factory=list)
    pairs: set[tuple[str, str]] = field(default_factory=set)


class Maker:
    def __init__(self, seed: int, months: int) -> None:
        self.chance = random.Random(seed)
        self.days = 30 * months
        self.dossier = Dossier()
        self.style = self.chance.randrange(3)
        names = [f"{trade} {place}" for trade in TRADES for place in PLACES]
        self.suppliers = self.chance.sample(names, 25) + list(BRANDS)
        self.rum = {name: self.chance.randrange(10**6, 10**7) for name in self.suppliers}

    def cents(self) -> int:
        kind = self.chance.random()
        if kind < 0.25:
            return self.chance.randrange(1, 60) * 500
        if kind < 0.6:
            return self.chance.choice((99, 90, 50, 0)) + 100 * self.chance.randrange(3, 90)
        return self.chance.randrange(300, 400_000)

    def day(self) -> date:
        return START + timedelta(days=self.chance.randrange(self.days))

    def invoice(self, supplier: str, on: date, cents: int, *, due: date | None = None) -> str:
        number = self.chance.choice(
            ("", f"{on:%y%m}-{self.chance.randrange(10**4):04d}", f"FC{self.chance.randrange(10**6):06d}")
        )
        key = f"i{len(self.dossier.invoices):06d}"
        self.dossier.invoices.append(
            InvoiceFact(key, on, cents, supplier, due_on=due, supplier_key=fold(supplier), number=number)
        )
        return key

    def line(self, label: str, on: date, cents: int) -> str:
        key = f"t{len(self.dossier.transactions):06d}"
        self.dossier.transactions.append(TransactionFact(key, "bank", on, cents, label))
        return key

    def worded(self, supplier: str) -> str:
        """The name as a bank cuts it."""
        name = fold(supplier).replace("'", " ")
        return self.chance.choice((name, name, name[:20].strip(), name[:14].strip(), name.replace(" ", "")[:22]))

    def card(self, supplier: str, on: date) -> str:
        name, town = self.worded(supplier), self.chance.choice(TOWNS)
        return (
            f"CARTE X4417 {on:%d/%m} {name} {town}",
            f"PAIEMENT PSC {on:%d%m} {town} {name} CARTE 4417",
            f"FACTURE CARTE DU {on:%d%m%y} {name} {town} CARTE 4974XXXXXXXX4417",
        )[self.style]

    def debit(self, supplier: str, number: str) -> str:
        name, rum = self.worded(supplier), self.rum[supplier]
        return (
            f"PRLV SEPA {name} {number}",
            f"PRELEVEMENT EUROPEEN {rum}11 DE: {name} ID: FR47ABC{rum % 10**6:06d} MOTIF: {number} REF: MM{rum}",
            f"PRLV {name} MDT/{rum} LIB/{number}",
        )[self.style]

    def transfer(self, supplier: str, number: str) -> str:
        name = self.worded(supplier)
        said = self.chance.choice((number, "REGLEMENT", "FACTURE"))
        return (
            f"VIR INST VERS {name} {said}",
            f"VIREMENT EMIS {name} MOTIF: {said}",
            f"VIR EUROPEEN POUR: {name} REF: {said}",
        )[self.style]

    def paid(self) -> None:
        """A document and its line."""
        supplier, on, cents = self.chance.choice(self.suppliers), self.day(), self.cents()
        kind = self.chance.choice(("card", "card", "debit", "transfer", "cheque"))
        due = on + timedelta(days=30) if kind != "card" and self.chance.random() < 0.5 else None
        invoice = self.invoice(supplier, on, cents, due=due)
        number = self.dossier.invoices[-1].number
        if kind == "card":
            booked, label = on + timedelta(days=self.chance.randrange(5)), self.card(supplier, on)
        else:
            booked = (due or on + timedelta(days=self.chance.randrange(3, 35))) + timedelta(
                days=self.chance.randrange(4)
            )
            cheque = f"CHEQUE {self.chance.randrange(10**6)}"
            label = {
                "debit": self.debit(supplier, number),
                "transfer": self.transfer(supplier, number),
                "cheque": cheque,
            }[kind]
        self.dossier.pairs.add((invoice, self.line(label, booked, -cents)))

    def decoy(self) -> None:
        """An invoice paid elsewhere and, the same days, the same amount at another's whose document never came."""
        one, other = self.chance.sample(self.suppliers, 2)
        on, cents = self.day(), self.cents()
        self.invoice(one, on, cents)
        self.line(self.card(other, on), on + timedelta(days=1), -cents)

    def lone(self) -> None:
        """A line whose document never came, or a document that was never paid, of amounts that are common."""
        supplier, on, cents = self.chance.choice(self.suppliers), self.day(), self.cents()
        if self.chance.random() < 0.5:
            self.invoice(supplier, on, cents)
        else:
            self.line(self.card(supplier, on), on + timedelta(days=2), -cents)

    def subscription(self) -> None:
        """One amount a month by debit; a document or a line is missing here and there, at the ends most of all."""
        supplier, cents, lag = self.chance.choice(self.suppliers), self.cents(), self.chance.choice((1, 5, 14, 28))
        for month in range(7):
            on = START + timedelta(days=30 * month + 4)
            has_document = month < 6 and self.chance.random() > 0.15
            has_line = month > 0 and self.chance.random() > 0.1
            invoice = self.invoice(supplier, on, cents) if has_document else ""
            line = self.line(self.debit(supplier, ""), on + timedelta(days=lag), -cents) if has_line else ""
            if invoice and line:
                self.dossier.pairs.add((invoice, line))

    def repeated_debit(self) -> None:
        """Presented, rejected, presented again: the second one pays."""
        supplier, on, cents = self.chance.choice(self.suppliers), self.day(), self.cents()
        invoice = self.invoice(supplier, on, cents, due=on + timedelta(days=10))
        self.line(self.debit(supplier, ""), on + timedelta(days=10), -cents)
        self.line(f"REJET PRLV {fold(supplier)}", on + timedelta(days=12), cents)
        self.dossier.pairs.add((invoice, self.line(self.debit(supplier, ""), on + timedelta(days=24), -cents)))

    def batch(self) -> None:
        """A supplier's documents paid by one transfer, a credit note deducted now and then; some others stay unpaid."""
        supplier, on = self.chance.choice(self.suppliers), self.day()
        days = sorted(self.chance.randrange(25) for _ in range(self.chance.randrange(2, 7)))
        paid = [self.invoice(supplier, on + timedelta(days=day), self.cents()) for day in days]
        if self.chance.random() < 0.3:
            owed = sum(i.cents for i in self.dossier.invoices[-len(paid) :])
            paid.append(self.invoice(supplier, on + timedelta(days=26), -self.chance.randrange(1, owed // 2)))
        total = sum(i.cents for i in self.dossier.invoices[-len(paid) :])
        for _ in range(self.chance.choice((0, 0, 1, 3))):
            self.invoice(supplier, on + timedelta(days=self.chance.randrange(35)), self.cents())
        line = self.line(self.transfer(supplier, ""), on + timedelta(days=30 + self.chance.randrange(15)), -total)
        self.dossier.pairs |= {(invoice, line) for invoice in paid}

    def pile(self) -> None:
        """Many open documents of one supplier, paid elsewhere, and its lines whose documents never came."""
        supplier, on = self.chance.choice(self.suppliers), self.day()
        for _ in range(self.chance.randrange(4, 13)):
            self.invoice(supplier, on + timedelta(days=self.chance.randrange(40)), self.cents())
        for _ in range(3):
            owed = -self.cents() - self.cents()
            self.line(self.transfer(supplier, ""), on + timedelta(days=self.chance.randrange(20, 60)), owed)

    def instalments(self) -> None:
        """A document paid in parts that name its number; the last of them may not have come yet."""
        supplier, on, cents = self.chance.choice(self.suppliers), self.day(), self.chance.randrange(20_000, 900_000)
        invoice = self.invoice(supplier, on, cents)
        number = f"FR{self.chance.randrange(10**6):06d}"
        self.dossier.invoices[-1] = replace(self.dossier.invoices[-1], number=number)
        count = self.chance.randrange(2, 5)
        parts = [cents // count] * (count - 1)
        parts.append(cents - sum(parts))
        for place, part in enumerate(parts if self.chance.random() < 0.8 else parts[:-1]):
            booked = on + timedelta(days=3 + 30 * place)
            self.dossier.pairs.add((invoice, self.line(self.transfer(supplier, number), booked, -part)))

    def claim(self) -> None:
        """What somebody advanced, refunded by one transfer; one receipt may be missing from the books."""
        person, on = self.chance.choice(("DUPUIS", "LAMBERT", "NGUYEN")), self.day()
        advanced: list[str] = []
        total = 0
        for _ in range(self.chance.randrange(2, 7)):
            cents = self.chance.randrange(300, 15_000)
            total += cents
            if self.chance.random() < 0.93:
                advanced.append(self.invoice(self.chance.choice(BRANDS), on - timedelta(days=len(advanced) * 4), cents))
                claimed = replace(self.dossier.invoices[-1], payer=person, is_off_bank=True)
                self.dossier.invoices[-1] = claimed
        line = self.line(f"VIR {person} REMBT FRAIS", on + timedelta(days=self.chance.randrange(4, 12)), -total)
        self.dossier.pairs |= {(invoice, line) for invoice in advanced}

    def noise(self) -> None:
        label = self.chance.choice(
            ("VIR SALAIRE", "RETRAIT DAB", "COTISATION CARTE", "REMISE CHEQUES", "VIR RECU CLIENT", "ECHEANCE PRET")
        )
        self.line(label, self.day(), self.cents() * self.chance.choice((-1, 1)))


def make_dossier(*, seed: int, size: int, months: int = 8) -> Dossier:
    """About `size` documents of some months and a few more lines: the fewer months, the denser."""
    maker = Maker(seed, months)
    deeds = (
        (maker.paid,) * 60
        + (maker.decoy,) * 10
        + (maker.lone,) * 14
        + (maker.noise,) * 12
        + (maker.subscription, maker.repeated_debit)
        + (maker.batch, maker.batch, maker.pile, maker.instalments, maker.claim)
    )
    while len(maker.dossier.invoices) < size or len(maker.dossier.transactions) < size:
        maker.chance.choice(deeds)()
    return maker.dossier
