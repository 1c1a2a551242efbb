from django.apps import AppConfig


class MegConfig(AppConfig):
    name = "meg"

    def ready(self) -> None:
        from meg import checks  # noqa: F401 - registers them
