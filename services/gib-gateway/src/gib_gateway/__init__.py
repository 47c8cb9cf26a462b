"""Takes berats to GİB and brings the approved ones back."""
