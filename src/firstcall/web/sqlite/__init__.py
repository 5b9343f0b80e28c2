"""A thin database backend over Django's sqlite3: one fair gate for every write transaction."""
