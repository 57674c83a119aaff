"""What becomes of customers, subscriptions, invoices and money, and the events that tell of it."""
