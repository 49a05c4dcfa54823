"""What every domain stands on: settings, database, tenancy, clock, ports, web. It knows no domain."""
