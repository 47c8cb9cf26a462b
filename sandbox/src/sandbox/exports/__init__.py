"""What made-up exports consist of: a firm's vouchers, and the layouts that tell them."""
