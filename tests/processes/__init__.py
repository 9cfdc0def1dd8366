"""The commands as processes, talked to over real sockets."""
