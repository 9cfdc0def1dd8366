"""credex-core's behaviour in memory, good and bad. A test double: never a live ledger."""
