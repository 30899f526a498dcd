"""Commands that only benchmarks need."""
