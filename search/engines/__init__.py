"""The search engines: each a folder that compiles the neutral query and answers it."""
