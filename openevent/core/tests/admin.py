"""The admin as somebody at a browser uses it: press a verb, fill in a form."""

from bs4 import BeautifulSoup

from openevent.core.admin_site import list_address, row_address


def press(client, row, verb, *, sure=True, **typed):
    """Press a verb on a row's page; with `sure` also on the page that asks again."""
    wish = {"action": verb, "_selected_action": row.pk, "select_across": 0, "index": 0, "from_row": 1, **typed}
    return client.post(list_address(type(row)), wish | ({"sure": 1} if sure else {}), follow=sure)


def save(client, model, pk=None, **typed):
    """Fill in the form of a row, or of a new one, and save. What is not typed goes as it was drawn; None unticks."""
    address = row_address(model, pk) if pk is not None else f"{list_address(model)}add/"
    values = drawn(client.get(address)) | typed
    return client.post(address, {name: value for name, value in values.items() if value is not None})


def drawn(page):
    """What a browser sends of a form that nobody has touched."""
    form = BeautifulSoup(page.content, "lxml").select_one("#content-main form[id$=_form]")
    values = {}
    for one in form.select("input[name], textarea[name]"):
        if one.get("type") not in ("checkbox", "radio") or one.has_attr("checked"):
            ticked = "on" if one.get("type") == "checkbox" else ""
            values[one["name"]] = one.get("value", ticked) if one.name == "input" else one.text.removeprefix("\n")
    for one in form.select("select[name]"):
        chosen = one.select_one("option[selected]") or one.select_one("option")
        values[one["name"]] = chosen["value"] if chosen else ""
    return values


def told(answer):
    """What the next page says of it."""
    return [str(message) for message in answer.context["messages"]]
