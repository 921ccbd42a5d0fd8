"""HTTP fetching with limits: time, size, redirects, private networks, robots.txt.

A URL goes in, and the body with its status and validators comes out (`fetch.PoliteFetcher`). Feed
checks, feed discovery and full-text reading all fetch through this package.
"""
