"""Messages of alerts: outbox, delivery plan, wording."""
