"""A believable shop for the first ten minutes, and as many rows as a benchmark needs."""
