"""A batch: its items are published one by one, each in a transaction of its own, and none stops the others."""

from dataclasses import dataclass
from datetime import datetime

from dext_connector.calls.idempotency import key_of_batch
from dext_connector.calls.parsers import check_item
from dext_connector.errors import problem_of
from dext_connector.inbox import keep_fate, keep_problem
from dext_connector.models import DextConnection, Fate, InboxItem, PublishBatch
from dext_connector.payloads import Sent, SentBatch
from dext_connector.publishing import publish_item
from dext_connector.receiving import sent_in
from dext_connector.serializers.batches import result_of
from dext_connector.serializers.items import read_item
from firms.models import User


@dataclass(frozen=True, kw_only=True)
class BatchAnswer:
    """`results` in the order of the items; `is_replay` where each had its answer before."""

    results: list[dict]
    is_replay: bool


@dataclass(frozen=True, kw_only=True)
class Batching:
    """Who publishes what, when; `publish_all` does it."""

    connection: DextConnection
    batch: SentBatch
    by: User
    at: datetime
    base_url: str
    is_dry_run: bool = False

    def publish_all(self) -> BatchAnswer:
        """Publish each item, or give again the answer that its key has: a batch cut off goes on where it stopped.

        A dry run checks all, and its key is not looked at. Raises StillRunning, KeyReused.
        """
        if self.is_dry_run:
            return self._answer(None)
        with key_of_batch(company=self.connection.company, batch=self.batch, at=self.at) as known:
            return self._answer(known)

    def _answer(self, known: PublishBatch | None) -> BatchAnswer:
        firsts = {row.position: row for row in known.answers.select_related("invoice")} if known else {}
        results = []
        for position in range(len(self.batch.items)):
            sent = sent_in(self.batch, position, batch_id=known.pk if known else None)
            first = firsts.get(position)
            results.append(self._again(sent, first) if first else self._publish(sent, self.batch.items[position]))
        return BatchAnswer(results=results, is_replay=len(firsts) == len(results))

    def _again(self, sent: Sent, first: InboxItem) -> dict:
        keep_fate(
            company=self.connection.company,
            sent=sent.outside_batch,
            fate=Fate.REPLAYED,
            http_status=first.http_status,
            answer=first.answer,
            by=self.by,
            at=self.at,
            invoice=first.invoice,
        )
        return result_of(sent.external_id, first.http_status, first.answer)

    def _publish(self, sent: Sent, payload: object) -> dict:
        try:
            publication = publish_item(
                connection=self.connection,
                item=read_item(check_item(payload)),
                sent=sent,
                by=self.by,
                received_at=self.at,
                base_url=self.base_url,
                is_dry_run=self.is_dry_run,
            )
        except Exception as error:
            return self._refuse(sent, error)
        return result_of(sent.external_id, publication.http_status, publication.answer)

    def _refuse(self, sent: Sent, error: Exception) -> dict:
        problem, meaning = problem_of(error, request_id=self.batch.request_id, base_url=self.base_url)
        if not self.is_dry_run:
            company, holds_key = self.connection.company, meaning.is_kept
            keep_problem(company=company, sent=sent, problem=problem, by=self.by, at=self.at, holds_key=holds_key)
        return result_of(sent.external_id, meaning.status, problem)
