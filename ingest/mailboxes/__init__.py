"""Newsletters in a mailbox on a server, by IMAP: an address, a connection, what is new there."""
