"""The engine for a cluster: OpenSearch."""
