"""Work for the worker, asked for by the name of its task: a deed need not import the tasks, which import the deeds."""

from collections.abc import Mapping
from functools import partial

from celery import current_app
from django.db import transaction


def send_on_commit(task: str, **ids: str) -> None:
    """Have the worker do `task` (« achats.tasks.render_document ») with `ids` once the transaction commits.

    Where the broker is away, what was written stands all the same, and a sweep finds it.
    """
    transaction.on_commit(partial(send, task, ids), robust=True)


def send(task: str, ids: Mapping[str, str], *, after_seconds: float = 0) -> None:
    """As `send_on_commit`, now. Raises kombu's OperationalError where the broker is away."""
    current_app.signature(task, kwargs=dict(ids)).apply_async(countdown=after_seconds)
