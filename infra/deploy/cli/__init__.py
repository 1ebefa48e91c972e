"""The administrator's command line, `cvec`: campaigns, accounts, payments, and what waits for somebody."""
