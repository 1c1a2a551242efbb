"""What `manage.py dext` does on the stored connection, line by line."""

from collections.abc import Iterator
from datetime import datetime

from dext_connector.simulator import publishing
from dext_connector.simulator.account import connected
from dext_connector.simulator.activation import activate
from dext_connector.simulator.batch import publish_at_once
from dext_connector.simulator.inbox import Standing, row_of
from dext_connector.simulator.returns import poll, register
from dext_connector.simulator.state import store

RETURNS = "/simulateur/retours/"


def publish_inbox(*, is_batch: bool) -> Iterator[str]:
    """Publish what is ready in the inbox, by one call or one each."""
    sent = publish_at_once() if is_batch else publishing.publish_all()
    state = store().read()
    rows = [row_of(entry, []) for entry in state["items"] if entry["item"]["external_id"] in sent]
    for row in rows:
        told = f"publié, {row.status.lower()}" if row.standing == Standing.PUBLISHED else "refusé"
        yield f"{row.external_id}  {row.supplier}  {row.total}  {told}  {row.why}".rstrip()
    done = sum(row.standing == Standing.PUBLISHED for row in rows)
    yield f"Publiés\u00a0: {done} sur {len(rows)}."


def activate_integration() -> Iterator[str]:
    """« Activer l'intégration »: each rule of Dext with the account that MEG proposes."""
    answer = activate()
    yield f"Intégration activée, règles archivées\u00a0: {answer['count']}."
    for rule in answer["rules"]:
        proposed = (rule["proposal"] or {}).get("account") or "—"
        yield f"{rule['supplier']:<22}{rule['account']:<26}→ {proposed:<10}{rule['reason']}"
    yield answer["web_url"]


def live_rules() -> Iterator[str]:
    """MEG's rules, which live now."""
    with connected() as (client, company):
        rules = client.supplier_rules(company["id"])
    for rule in rules:
        yield f"{rule['supplier']['name']:<28}{rule['account'] or '—':<12}{rule['vat_code'] or '—'}"
    yield f"Règles fournisseur de {company['code']}\u00a0: {len(rules)}."


def events(*, at: datetime) -> Iterator[str]:
    """What is new in the feed since it was last read."""
    found = poll(at=at)
    for event in found:
        yield f"{event['at']}  {event['kind']:<22}{event['external_id'] or event['subject_id']}"
    yield f"Nouveaux événements\u00a0: {len(found)}."


def webhooks() -> Iterator[str]:
    """The addresses that MEG calls."""
    with connected() as (client, _):
        found = client.webhooks()
    for one in found:
        yield f"{one['id']}  {one['url']}  {'actif' if one['active'] else one['disabled_because']}"
    yield f"Retours enregistrés\u00a0: {len(found)}."


def add_webhook(address: str) -> Iterator[str]:
    """Register the simulator's own page, or `address`, whose secret is then shown once."""
    own = store().read()["connection"]["base_url"] + RETURNS
    if address in ("", own):
        yield f"Retour enregistré\u00a0: {register(own)['id']}  {own}"
        return
    with connected() as (client, _):
        webhook = client.add_webhook(address)
    yield f"Retour enregistré\u00a0: {webhook['id']}  {address}"
    yield f"Secret (il ne sera plus montré)\u00a0: {webhook['secret']}"


def ask_for_test(webhook_id: str) -> Iterator[str]:
    """Have MEG call this webhook, else the simulator's own."""
    chosen = webhook_id or (store().read()["webhook"] or {}).get("id", "aucun")
    with connected() as (client, _):
        client.test_webhook(chosen)
    yield "Essai demandé\u00a0: l’appel de MEG arrive dans quelques secondes."
