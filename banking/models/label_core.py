from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import MD5

from firms.keys import uuid7_key
from firms.models import Company


class LabelCore(models.Model):
    """What tells in a bank label, its words in order, once however many lines of the company bear it.

    In how many of them a word stands is how rare it is. `engine_version` is that of the engine that read the label.
    """

    id = uuid7_key()
    company = models.ForeignKey(
        Company, models.CASCADE, related_name="label_cores", verbose_name="dossier", db_index=False
    )
    engine_version = models.CharField("version du moteur", max_length=20)
    core = models.TextField("mots")
    words = models.GeneratedField(
        verbose_name="chacun des mots",
        expression=Func(F("core"), Value(" "), function="string_to_array"),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
    )

    class Meta:
        verbose_name = "mots d’un libellé"
        verbose_name_plural = "mots des libellés"
        ordering = ["core"]
        constraints = [
            models.UniqueConstraint(F("company"), F("engine_version"), MD5("core"), name="label_core_once"),
        ]
        indexes = [
            GinIndex(
                fields=["company", "words"],
                opclasses=["uuid_ops", "array_ops"],
                name="label_core_by_word",
                fastupdate=False,
            ),
        ]

    def __str__(self) -> str:
        return self.core
