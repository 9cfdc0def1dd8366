"""What each path of credex-core does. A controller reads a checked request and the world, and returns its outcome."""
