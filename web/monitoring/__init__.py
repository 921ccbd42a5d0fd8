"""What watches the service: the log of requests and their ids, and figures for Prometheus."""
