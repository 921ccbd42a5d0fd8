"""Feed subscriptions in the browser and the API: by URL, by OPML, from archives.

`subscriptions` contains the actions that pages and API share. Fetching is delegated to the
`FeedService` protocol, which `slugline/feeds/service.py` implements.
"""
