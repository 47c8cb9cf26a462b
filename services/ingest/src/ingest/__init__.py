"""The drop box: receives files by SFTP, says what became of them."""
