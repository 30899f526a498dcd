"""The pages of those who run an event: what it is, who helps, and its programme."""
