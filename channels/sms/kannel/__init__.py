"""Text messages by a Kannel gateway, our own or an aggregator's."""
