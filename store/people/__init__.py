"""What people have and keep: accounts, sessions, tokens, saved searches."""
