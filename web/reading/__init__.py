"""Read and unread articles, for people who use Slugline as a feed reader.

Off by default (`web.reading`). The marks are stored per user in `store/people/reading.py`; this
package contains the page and the API.
"""
