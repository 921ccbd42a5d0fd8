"""English names: candidates of the network and of gazetteers, weighed by what speaks for them."""
