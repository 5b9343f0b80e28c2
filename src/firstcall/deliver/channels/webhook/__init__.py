"""Plain webhooks: a JSON body by POST, with a key the receiver can deduplicate by."""
