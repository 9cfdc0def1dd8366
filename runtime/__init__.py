"""The actor kernel on Trio: addresses, mailboxes, actors, supervision, and the stores they commit to."""
