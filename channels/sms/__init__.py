"""Text messages: how long they are, how they are worded, and the providers that carry them."""
