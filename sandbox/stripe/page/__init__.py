"""The pages that Stripe hosts, to click through: Checkout, the Portal, an invoice."""
