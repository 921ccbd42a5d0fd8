"""Rules on arrival: made with a preview, listed with what they did, taken back."""
