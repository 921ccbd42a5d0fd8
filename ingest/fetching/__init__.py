"""Getting documents over the network: safely, politely, within limits."""
