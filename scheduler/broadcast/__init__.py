"""Messages on their way: drains send what is due, sweeps see that nothing waits for ever."""
