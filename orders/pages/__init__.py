"""The shop: finding an event, choosing tickets, saying who comes, and the order afterwards."""
