"""Pages that combine domains for the coach: Today, Clients, Client. Nobody imports this package."""
