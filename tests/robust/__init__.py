"""What is damaged, full, killed or busy: nothing is lost, and what is wrong is said in words."""
