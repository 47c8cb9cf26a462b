"""The rules, by document. Ids are those of GİB's Schematron; those of ours are words with dots."""
