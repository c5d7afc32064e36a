"""The command line for staff."""
