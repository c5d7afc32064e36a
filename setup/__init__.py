"""Sets Milepost up on a machine, and runs and watches its processes."""
