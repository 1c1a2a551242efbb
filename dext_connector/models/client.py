from oauth2_provider.models import Application


class ClientApplication(Application):
    """A program that may ask for access to MEG: Dext, with the addresses that it comes back to."""

    class Meta:
        proxy = True
        verbose_name = "application cliente"
        verbose_name_plural = "applications clientes"
