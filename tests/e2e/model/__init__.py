"""A small reference model of the program, written from DESIGN §3, and random lives that are held against it."""
