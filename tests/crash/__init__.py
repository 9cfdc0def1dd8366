"""``kill -9`` at random instants of a server under load, on one long-lived world, and what it must not have done.

The processes are the real ones: ``vimbiso serve`` on SQLite or a real Redis, ``vimbiso core``, and the stand-in for
the Graph API. Members (``people``) chat by the buttons in the last message they got; a provider (``provider``)
redelivers as WhatsApp does; the conductor (``conductor``) kills and starts again. At the end ``verdict`` holds the
store, the ledger and what was sent against what members did. Instants and choices come from the seed; the machine's
own timing does not.
"""
