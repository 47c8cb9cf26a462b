"""What every service of Defterhane stands on: domain core, events, bus, database, objects, signatures."""
