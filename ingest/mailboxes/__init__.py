"""Newsletters in an IMAP mailbox.

`address` parses the URL of a mailbox, `connection` opens it within limits of time and size, and
`messages` fetches what has arrived since the last check. The messages are parsed by
`ingest/formats/mail.py`.
"""
