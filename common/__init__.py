"""What several stages need and none owns: durable writes, locks, the key, where the data lie."""
