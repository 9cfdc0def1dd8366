"""The map of all dialogs and their transitions, made from the code."""
