"""Demo data that tell a story: a firm that sells machines and installs them. The same seed tells the same story."""
