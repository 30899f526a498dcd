"""What the API says of accounts: one file a resource, one for each plain endpoint family."""
