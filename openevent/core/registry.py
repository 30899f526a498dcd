"""Every resource that is served: by type, by model, by address."""


class Resource:
    """`path` is the first part of its addresses: "session-types"; `also` are other spellings that old clients know."""

    def __init__(self, path, viewset, also=()):
        self.path, self.viewset, self.also = path, viewset, also
        self.serializer = viewset.serializer_class
        self.model = self.serializer.Meta.model
        self.type = self.serializer.type_name()

    def address(self, row):
        """Where a row is: its number, or the identifier where that is how it is reached."""
        return f"/v1/{self.path}/{self.viewset.key_of(row)}"


class Registry:
    def __init__(self):
        self.resources = []
        self.by_model = {}
        self.by_type = {}

    def register(self, path, viewset, *, also=()):
        resource = Resource(path, viewset, also)
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
