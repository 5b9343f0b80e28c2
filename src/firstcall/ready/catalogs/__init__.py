"""Files that describe what is prepared: read into rows, and written."""
