"""What is to be sent and how far it got: accounts and deliveries."""
