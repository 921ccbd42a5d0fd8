"""The OpenSearch engine, for an index that several machines share.

`engine` implements the `Engine` protocol. `query` compiles the query tree to OpenSearch's JSON,
`bulk` writes documents and `answer` reads the responses.
"""
