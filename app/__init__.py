"""What people start: the command line, the runner and the window."""
