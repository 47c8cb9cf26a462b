"""Signs documents with the tenant's fiscal seal."""
