"""Pictures of networks and of training runs."""
