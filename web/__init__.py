"""The door: gateway, JSON API, pages, and the endpoint that runs the actions."""
