"""The application: the member actor, its dialogs, the web, and the composition root."""
