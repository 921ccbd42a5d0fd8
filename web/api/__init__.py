"""The HTTP API under `/api/v1`: the same data as the pages, as JSON, described by OpenAPI 3.1.

`questions` and `answers` declare the request and response types; the other modules are the
endpoints, one module per subject. Endpoints of subjects with a package of their own are there, such
as `web/lists/api.py`.
"""
