"""From a dropped file to checked rows."""
