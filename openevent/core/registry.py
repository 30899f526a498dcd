"""Every resource that is served: by type, by model, by address."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Resource:
    path: str  # the first part of its addresses: "session-types"
    viewset: Any

    @property
    def serializer(self):
        return self.viewset.serializer_class

    @property
    def model(self):
        return self.serializer.Meta.model

    @property
    def type(self):
        return self.serializer.type_name()

    def address(self, row):
        """Where a row is: its number, or the identifier where that is how it is reached."""
        return f"/v1/{self.path}/{self.viewset.key_of(row)}"


class Registry:
    def __init__(self):
        self.resources = []
        self.by_model = {}
        self.by_type = {}

    def register(self, path, viewset):
        resource = Resource(path, viewset)
        viewset.resource = resource
        self.resources.append(resource)
        self.by_model[resource.model] = resource
        self.by_type[resource.type] = resource
        return resource

    def of(self, model):
        """The resource that serves a model, or None."""
        return self.by_model.get(model)


registry = Registry()
register = registry.register
