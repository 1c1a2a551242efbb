"""Dext's screens, each deed a form post that comes back to its page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from dext_connector.simulator import account, publishing
from dext_connector.simulator.batch import publish_at_once
from dext_connector.simulator.inbox import Standing, row_of
from dext_connector.simulator.pages import own_address, simulator_page
from dext_connector.simulator.returns import catch_up, poll
from dext_connector.simulator.settings_screen import chosen_settings, settings_screen
from dext_connector.simulator.state import store

RESET = (
    "Boîte remise à zéro\u00a0: les trois tickets portent une nouvelle référence Dext. "
    "Un dossier qui les a déjà reçus les signalera comme doublons possibles."
)


@require_GET
@simulator_page
def inbox(request: HttpRequest) -> HttpResponse:
    if not store().read()["connection"]:
        return redirect("simulator:connection")
    catch_up()
    state = store().read()
    accounts = state["lists"]["accounts"]
    rows = [row_of(entry, accounts) for entry in state["items"]]
    offered = [account for account in accounts if account["active"] and account["purchase_allowed"]]
    shown = {"state": state, "rows": rows, "offered": offered, "ready": any(row.is_publishable for row in rows)}
    return render(request, "simulator/inbox.html", shown)


@sensitive_post_parameters("password")
@simulator_page
def connection(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "simulator/connection.html", {"state": store().read()})
    email, password = request.POST.get("email", "").strip(), request.POST.get("password", "")
    company = account.connect(base_url=own_address(request), email=email, password=password)
    publishing.look_again()
    messages.success(request, f"Les comptes MEG et Dext sont connectés\u00a0: {company['name']} ({company['code']}).")
    return redirect("simulator:settings")


@require_POST
@simulator_page
def disconnection(request: HttpRequest) -> HttpResponse:
    account.leave()
    messages.success(request, "Déconnecté de MEG. Ce qui a été publié y reste.")
    return redirect("simulator:connection")


@require_POST
@simulator_page
def company(request: HttpRequest) -> HttpResponse:
    account.switch_company(request.POST.get("company", ""))
    return redirect("simulator:inbox")


@simulator_page
def company_settings(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "simulator/settings.html", settings_screen(account.read_settings()))
    account.save_settings(chosen_settings(request.POST))
    messages.success(request, "Paramètres enregistrés dans MEG.")
    return redirect("simulator:inbox")


@simulator_page
def account_settings(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        screen = settings_screen(account.read_account_settings())
        return render(request, "simulator/settings.html", {**screen, "is_account": True})
    account.save_account_settings(chosen_settings(request.POST))
    messages.success(request, "Paramètres du Compte Automatisés enregistrés dans MEG.")
    return redirect("simulator:inbox")


@require_POST
@simulator_page
def mending(request: HttpRequest, external_id: str) -> HttpResponse:
    typed = request.POST.get("account", "").split()
    publishing.mend(external_id, account=typed[0] if typed else "", totals=request.POST.getlist("line_total"))
    return redirect("simulator:inbox")


@require_POST
@simulator_page
def publication(request: HttpRequest, external_id: str) -> HttpResponse:
    publishing.publish(external_id)
    return redirect("simulator:inbox")


@require_POST
@simulator_page
def picture(request: HttpRequest, external_id: str) -> HttpResponse:
    publishing.send_picture(external_id)
    messages.success(request, f"Image de {external_id} envoyée à MEG\u00a0: l’écriture n’a pas changé.")
    return redirect("simulator:inbox")


@require_POST
@simulator_page
def publication_of_all(request: HttpRequest) -> HttpResponse:
    sent = set(publish_at_once())
    rows = [row_of(entry, []) for entry in store().read()["items"] if entry["item"]["external_id"] in sent]
    done = sum(row.standing == Standing.PUBLISHED for row in rows)
    messages.success(request, f"Publiés\u00a0: {done} sur {len(rows)}.")
    return redirect("simulator:inbox")


@require_POST
@simulator_page
def automatic(request: HttpRequest) -> HttpResponse:
    publishing.switch_automatic(request.POST.get("is_on") == "oui")
    return redirect("simulator:inbox")


@require_POST
@simulator_page
def refresh(request: HttpRequest) -> HttpResponse:
    account.reload_lists()
    publishing.look_again()
    poll(at=timezone.now())
    messages.success(request, "Comptes, codes TVA, moyens de paiement, paramètres, états et retours relus dans MEG.")
    return redirect("simulator:inbox")


@require_POST
@simulator_page
def erasing(request: HttpRequest) -> HttpResponse:
    erased = publishing.erase_publications()
    messages.success(request, f"Publications effacées\u00a0: {erased}. Ce que MEG a rapproché ou comptabilisé y reste.")
    return redirect("simulator:inbox")


@require_POST
@simulator_page
def restart(request: HttpRequest) -> HttpResponse:
    publishing.reset()
    messages.success(request, RESET)
    return redirect("simulator:inbox")
