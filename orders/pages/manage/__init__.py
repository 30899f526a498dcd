"""The pages of those who run an event: sales, orders, attendees, tickets, the door."""
