"""Turns an ERP export's rows into journal, ledger, berats and report."""
