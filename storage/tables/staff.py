"""Staff, their invitations and sign-ins, tickets, drafts of notices, and the trail."""
