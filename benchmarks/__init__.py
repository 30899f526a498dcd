"""What the house costs, measured beside plain djangorestframework-jsonapi: see README.md here."""
