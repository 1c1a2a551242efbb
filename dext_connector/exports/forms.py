"""What a person brings and answers to import an export of Dext."""

from django import forms
from django.core.files.uploadedfile import UploadedFile

from dext_connector.models import DateOrder

MAX_BYTES = 500 * 1024 * 1024


class ExportForm(forms.Form):
    """One file: the CSV, or the ZIP with its images."""

    use_required_attribute = False
    export = forms.FileField(
        label="Export de Dext : le CSV, ou le ZIP « CSV + images », 500 Mo au plus",
        widget=forms.FileInput(attrs={"accept": ".csv,.zip,.txt,text/csv,application/zip"}),
        error_messages={
            "required": "Choisissez le fichier que Dext a exporté.",
            "empty": "Ce fichier est vide : exportez de nouveau depuis Dext.",
        },
    )

    def clean_export(self) -> UploadedFile:
        file = self.cleaned_data["export"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError("Ce fichier dépasse 500 Mo : exportez moins d’éléments à la fois.")
        return file


class DateOrderForm(forms.Form):
    """Asked only where the dates of the file can be read both ways."""

    use_required_attribute = False
    date_order = forms.ChoiceField(
        choices=DateOrder.choices, widget=forms.RadioSelect, label="Comment lire les dates de ce fichier ?"
    )
