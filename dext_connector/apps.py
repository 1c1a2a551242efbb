from django.apps import AppConfig


class DextConnectorConfig(AppConfig):
    name = "dext_connector"
    verbose_name = "Dext"
