"""Refusals of the oldest endpoints: one text, as their clients read it, and for bad input also where it stands."""

from rest_framework.exceptions import NotAuthenticated
from rest_framework.views import APIView

from openevent.core.refusals import Refused


class PlainView(APIView):
    """Plain JSON in and out. A refusal is `{"error": text}`, and unless it is about who asks also an error document."""

    sign_in_first = False

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if self.sign_in_first and not request.user.is_authenticated:
            raise NotAuthenticated("Sign in first.")

    def handle_exception(self, problem):
        answer = super().handle_exception(problem)
        where = {} if answer.status_code == 401 else answer.data
        answer.data = {"error": answer.data["errors"][0]["detail"], **where}
        return answer


def body_of(request):
    return request.data if isinstance(request.data, dict) else {}


def data_of(request):
    """What stands under `data`: as it is, or among the attributes of a JSON:API document."""
    data = body_of(request).get("data")
    data = data if isinstance(data, dict) else {}
    return data["attributes"] if isinstance(data.get("attributes"), dict) else data


def text_in(data, name, *, under="/data", status=400):
    """A text that has to be there."""
    text = data.get(name)
    if not (isinstance(text, str) and text):
        raise Refused("missing-text", f"Send {name}, as text.", status=status, pointer=f"{under}/{name}")
    return text
