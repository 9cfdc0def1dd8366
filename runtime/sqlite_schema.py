"""The tables of the SQLite store.

Tables with an order have it as their key: the sequence of acceptance, or ``place``, the order of writing. ``seen`` is
the long one, a row an envelope for as long as its id is remembered; its ``AUTOINCREMENT`` promises that no sequence is
ever given twice, rows deleted or not. Waiting envelopes and owed effects are few, are found by actor, and go when they
are done with. Moments are microseconds since 1970 (UTC), so that they compare as numbers; bodies are blobs nobody here
looks into.

``PRAGMA user_version`` holds ``VERSION``. A change of the tables raises it and adds the steps that lead there to
``STEPS``; a file of a newer version is refused, never guessed at.
"""

VERSION = 4

STEPS: dict[int, tuple[str, ...]] = {
    1: (
        "CREATE TABLE owners (partition INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, owner TEXT NOT NULL) STRICT",
        """CREATE TABLE snapshots (
            address TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, applied INTEGER NOT NULL, body BLOB NOT NULL
        ) STRICT""",
        """CREATE TABLE intake (
            sequence INTEGER PRIMARY KEY, partition INTEGER NOT NULL, address TEXT NOT NULL,
            id TEXT NOT NULL, accepted_at INTEGER NOT NULL, body BLOB NOT NULL
        ) STRICT""",
        "CREATE INDEX intake_of_actor ON intake (partition, address)",
        """CREATE TABLE seen (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, address TEXT NOT NULL,
            accepted_at INTEGER NOT NULL, version INTEGER
        ) STRICT""",
        "CREATE INDEX seen_of_address ON seen (address)",
        "CREATE INDEX seen_by_time ON seen (accepted_at)",
        """CREATE TABLE owed (
            place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, partition INTEGER NOT NULL, address TEXT NOT NULL,
            lane TEXT NOT NULL, body BLOB NOT NULL
        ) STRICT""",
        "CREATE INDEX owed_by_actor ON owed (partition, address)",
        """CREATE TABLE payments (
            place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, address TEXT NOT NULL, state TEXT NOT NULL,
            body BLOB NOT NULL
        ) STRICT""",
        "CREATE INDEX payments_of_address ON payments (address)",
        "CREATE INDEX payments_by_state ON payments (state)",
        """CREATE TABLE dead (
            place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, address TEXT NOT NULL, at INTEGER NOT NULL,
            cause TEXT NOT NULL, body BLOB NOT NULL
        ) STRICT""",
        """CREATE TABLE deliveries (
            id TEXT NOT NULL PRIMARY KEY, rank INTEGER NOT NULL, status TEXT NOT NULL, at INTEGER NOT NULL,
            ours TEXT, error INTEGER
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX deliveries_by_time ON deliveries (at)",
    ),
    2: (
        """CREATE TABLE audit (
            place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, address TEXT NOT NULL, at INTEGER NOT NULL,
            step TEXT NOT NULL, body BLOB NOT NULL
        ) STRICT""",
        "CREATE INDEX audit_of_address ON audit (address)",
    ),
    3: (
        """CREATE TABLE timers (
            address TEXT NOT NULL, name TEXT NOT NULL, partition INTEGER NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY (address, name)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX timers_by_time ON timers (partition, at)",
    ),
    4: ("ALTER TABLE deliveries ADD COLUMN body BLOB",),
}
"""The statements that lead from the version before to each version."""
