"""The Celery application: `celery -A meg worker`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meg.settings")

app = Celery("meg")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
