"""What the public reads about an event beside its tickets."""
