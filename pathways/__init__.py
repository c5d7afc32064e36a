"""The product: domain, services, store, formats, policies."""
