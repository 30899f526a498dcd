"""How many questions an answer asked of the database, told to whoever wants to know."""

from django.db import connection


def counting_queries(get_response):
    def answer(request):
        if "HTTP_X_COUNT_QUERIES" not in request.META:
            return get_response(request)
        asked = []
        with connection.execute_wrapper(lambda execute, *question: asked.append(1) or execute(*question)):
            response = get_response(request)
        response["X-Queries"] = str(len(asked))
        return response

    return answer
