"""What our papers say and how they look: tickets and order summaries as PDF."""
