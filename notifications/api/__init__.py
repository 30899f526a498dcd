"""What the API says of messages: one file a resource, one for each plain endpoint."""
