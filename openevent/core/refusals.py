"""Refusals, and the shape of every error of the API."""

import re

from django.db import InterfaceError, OperationalError

TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Access Forbidden",
    404: "Object not found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    409: "Conflict",
    412: "Precondition Failed",
    413: "Payload Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Entity",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


AWAY = "database-away"
# What a connection to PostgreSQL says when there is nobody at its other end: restarting, or gone.
GONE = re.compile("connection to server|server closed|connection already closed|terminating connection|EOF detected")


class Refused(Exception):
    """The one exception for a request that is understood and not done.

    `code` names the reason for programs, `detail` says it to a person, `pointer` is the place in the request
    document that is to blame ("/data/attributes/max-order"), `parameter` the query parameter.
    """

    def __init__(self, code, detail=None, *, status=422, pointer=None, parameter=None, retry_after=None):
        super().__init__(code)
        self.code, self.status, self.retry_after = code, status, retry_after
        self.detail = detail or code.replace("-", " ").capitalize() + "."
        self.pointer, self.parameter = pointer, parameter

    def __str__(self):
        return self.detail

    def as_error(self):
        source = {}
        if self.pointer is not None:
            source["pointer"] = self.pointer
        if self.parameter is not None:
            source["parameter"] = self.parameter
        if self.code == "unverified-user":  # recognised by the web client in this place
            source["code"] = self.code
        return error(self.status, self.detail, source, self.code)


def error(status, detail, source=None, code=None):
    """One error object; `status` is a number because clients compare it with ===."""
    found = {
        "status": status,
        "source": source or {},
        "title": TITLES.get(status, "Error"),
        "detail": str(detail),
    }
    return {**found, "code": code} if code else found


def error_document(errors):
    return {"errors": errors, "jsonapi": {"version": "1.0"}}


def busy(problem):
    """The refusal for what a database had no time for, or was not there for; None if this is another problem."""
    if not isinstance(problem, OperationalError | InterfaceError):
        return None
    if GONE.search(str(problem)):
        detail = "The database is away for a moment. Nothing was half done: try again."
        return Refused(AWAY, detail, status=503, retry_after=5)
    if "lock" in str(problem):  # PostgreSQL's lock_timeout, or SQLite's busy file
        detail = "Many people are buying at this moment. Nothing is lost: try again."
        return Refused("busy", detail, status=409, retry_after=2)
    if "statement timeout" in str(problem):
        return Refused("too-slow", "This takes too long. Ask for less at a time.", status=503, retry_after=10)
    return None


def refuse_parameter(name, detail):
    return Refused("bad-parameter", detail, status=400, parameter=name)
