"""Live sources: what a school's systems say over the network, page by page."""
