"""HTTP out of this process, behind httpx's public transport interface: over sockets, or to a function in process."""
