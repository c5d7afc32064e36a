"""What Milepost knows how to decide: pure functions over plain data."""
