"""What a network is: functions, losses, layers, where its parameters start."""
