"""Reading an Open Event export: what is in the archive, the nearest value that we can keep, and the rows."""
