"""The outside world for trying and testing: GİB, a time-stamp authority, a certificate authority, ERP exports."""
