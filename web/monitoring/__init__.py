"""Observability: the access log, request ids and Prometheus metrics.

Their `register` functions add hooks to the application. Prometheus reads the metrics from a port of
their own on the loopback interface.
"""
