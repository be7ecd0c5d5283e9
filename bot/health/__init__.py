"""How the service is: alive, able to serve, and its figures. Never a topic, a programme or a place."""
