"""The admin as a whole: every list, every row, everybody who comes along."""
