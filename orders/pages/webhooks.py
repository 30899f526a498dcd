"""Where payment providers tell us things. Who they are is shown by their signature alone."""

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from openevent.core.limits import client_address, limit
from openevent.core.refusals import Refused
from orders.payments import PROVIDERS
from orders.services.provider_events import receive_event


@csrf_exempt
@require_POST
def webhook(request, mode):
    try:
        limit("webhook", client_address(request), "1200/m")  # whether it is PayPal's is asked over the network
        receive_event(PROVIDERS[mode], request.body, request.headers)
    except Refused as refused:
        return HttpResponse(str(refused), status=refused.status, content_type="text/plain")
    return HttpResponse(status=200)
