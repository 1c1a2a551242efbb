"""Dext's screens of what lasts between it and MEG: the consent, the activation, the returns."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from dext_connector.simulator import activation as activating
from dext_connector.simulator import consent as consenting
from dext_connector.simulator import publishing
from dext_connector.simulator import returns as telling
from dext_connector.simulator.pages import own_address, simulator_page
from dext_connector.simulator.returns_screen import returns_screen

ACTIVATED = "Intégration activée\u00a0: les règles fournisseur sont maintenant celles de MEG."


@require_POST
@simulator_page
def consent(request: HttpRequest) -> HttpResponse:
    address = own_address(request)
    return_to = address + reverse("simulator:consent_return")
    return redirect(consenting.ask_for_consent(address, return_to=return_to))


@require_GET
@simulator_page
def consent_return(request: HttpRequest) -> HttpResponse:
    company = consenting.connect_by_consent(request.GET.dict())
    publishing.look_again()
    messages.success(
        request,
        f"Les comptes MEG et Dext sont connectés\u00a0: {company['name']} ({company['code']}).",
    )
    return redirect("simulator:settings")


@simulator_page
def activation(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "simulator/activation.html", activating.activation_screen())
    if request.POST.get("is_understood") != "oui":
        messages.error(request, "Confirmez d’abord que vos règles fournisseur seront remplacées.")
        return redirect("simulator:activation")
    activating.activate()
    messages.success(request, ACTIVATED)
    return redirect("simulator:activation")


@csrf_exempt
@simulator_page
def returns(request: HttpRequest) -> HttpResponse:
    """MEG posts here, signed and without a cookie; people look."""
    if request.method == "POST":
        return HttpResponse(status=telling.receive(request.headers, request.body, at=timezone.now()))
    return render(request, "simulator/returns.html", returns_screen())


@require_POST
@simulator_page
def registration(request: HttpRequest) -> HttpResponse:
    telling.register(own_address(request) + reverse("simulator:returns"))
    messages.success(request, "MEG appellera désormais Dext à cette adresse.")
    return redirect("simulator:returns")


@require_POST
@simulator_page
def test(request: HttpRequest) -> HttpResponse:
    telling.ask_for_test()
    messages.success(request, "Essai demandé\u00a0: l’appel de MEG arrive dans quelques secondes.")
    return redirect("simulator:returns")


@require_POST
@simulator_page
def polling(request: HttpRequest) -> HttpResponse:
    new = telling.poll(at=timezone.now())
    messages.success(request, f"Événements relus dans MEG, nouveaux\u00a0: {len(new)}.")
    return redirect("simulator:returns")
