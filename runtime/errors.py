"""What can go wrong in the runtime, and whose fault it is."""


class RuntimeFault(Exception):
    """Base of this package's errors."""


class StoreUnavailable(RuntimeFault):
    """The store did not answer or could not write; whether it wrote is not known. Try again later."""


class Fenced(RuntimeFault):
    """Another process owns this partition now, or the store lost what it held: this one's memory is worth nothing.

    It must stop at once; starting again recovers from what is stored.
    """


class Escalated(RuntimeFault):
    """Too many restarts in too short a time: stopping is safer than running broken."""


class MailboxFull(RuntimeFault):
    """No room in memory. Nothing is lost: the envelope is durable and is read from the store later."""


class Closed(RuntimeFault):
    """The runtime is shutting down and takes no new work."""
