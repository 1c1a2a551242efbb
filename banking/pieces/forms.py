"""What a person says of a request: for whom, at which address, for which lines."""

from django import forms

from banking.models import BankTransaction
from firms.models import Company


class RequestForm(forms.Form):
    """`lignes` are bank lines of the company; without an address the link is only shown, to be copied."""

    use_required_attribute = False
    destinataire = forms.CharField(required=False, max_length=200, label="Destinataire")
    adresse = forms.EmailField(required=False, label="Adresse e-mail")
    relances = forms.BooleanField(required=False, label="Relancer chaque semaine")

    def __init__(self, data, *, company: Company) -> None:
        super().__init__(data, label_suffix="")
        lines = BankTransaction.objects.filter(company=company, amount__lt=0)
        self.fields["lignes"] = forms.ModelMultipleChoiceField(
            lines, label="Opérations", error_messages={"required": "Cochez au moins une opération."}
        )

    @property
    def sentence(self) -> str:
        """What is to mend, in one sentence."""
        return " ".join(str(error) for errors in self.errors.values() for error in errors)
