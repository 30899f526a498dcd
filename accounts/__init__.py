"""Who they are: users, sign-in, tokens, tiers."""
