"""The work that commands start: each job reads what is due from the store and writes it back."""
