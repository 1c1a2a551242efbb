"""One reader alone on bytes, its stream gathered."""

from collections.abc import Callable, Iterable

from banking.statements.statement import Event, Statement, gathered


def gathering(stream: Callable[..., Iterable[Event]]) -> Callable[..., list[Statement]]:
    return lambda data, *told, **more: gathered(stream(data, *told, **more))
