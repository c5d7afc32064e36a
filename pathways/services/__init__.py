"""What people can do, each checked against who asks."""
