"""Lists of people and orders to take away: which columns there are, how a file is written, and the job that does it."""
