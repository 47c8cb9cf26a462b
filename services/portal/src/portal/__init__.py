"""The month board, its API and its event stream."""
