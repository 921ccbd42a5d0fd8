"""What the API answers with: the names of the export contract, as types."""
