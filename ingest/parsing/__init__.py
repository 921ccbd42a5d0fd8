"""Parsing of untrusted files within fixed limits of time and memory.

`pool.ReaderPool` sends each file to a worker process that can be killed; `tasks` chooses the parser
there, and the parsed sources come back as MessagePack frames. `limits` sets how much of a file is
read.
"""
