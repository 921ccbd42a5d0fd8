"""The HTTP API under `/api/v1`: what the pages show, as JSON described by OpenAPI 3.1."""
