"""`GET /healthz/`: whether the product can be used, and what it still waits for."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from redis import RedisError

from meg.demonstration import is_seeded
from meg.workers import a_worker_was_seen

# A migrated database stays so for the life of a process: the code that it serves does not change.
_migrated: set[str] = set()


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 `{"status": "ready"}`, or 503 with the list of what is missing."""
    missing = what_is_missing()
    return JsonResponse(
        {"status": "starting" if missing else "ready", "missing": missing}, status=503 if missing else 200
    )


def what_is_missing() -> list[str]:
    """Among « database », « migrations », « broker », « worker » and « demonstration », in the order of starting."""
    try:
        if not is_migrated():
            return ["migrations"]
        missing = [] if a_worker_was_seen() else ["worker"]
        return missing if is_seeded() or not settings.DEMO else [*missing, "demonstration"]
    except DatabaseError:
        return ["database"]
    except RedisError:
        return ["broker"]


def is_migrated() -> bool:
    name = str(connection.settings_dict["NAME"])
    if name not in _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _migrated.add(name)
    return True
