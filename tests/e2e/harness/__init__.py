"""What the end-to-end tests stand on; each module has one subject."""
