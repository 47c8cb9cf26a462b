"""Where keys lie: on cards and in HSMs (PKCS#11), or in PKCS#12 files."""
